package dev.jetstream.net;

import java.util.concurrent.atomic.AtomicLong;

/**
 * One bound on the bytes of unfinished request heads and client messages, over all connections: the bound of one alone, times
 * the connections, would be more than any heap.
 */
final class HeldBytes {
    private final long max;
    private final AtomicLong held = new AtomicLong();

    HeldBytes(long max) {
        this.max = max;
    }

    /** Takes {@code bytes} out of what is left; false, and takes nothing, when that is less. */
    boolean take(long bytes) {
        if (held.addAndGet(bytes) > max) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    /** Gives back what was taken. */
    void give(long bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }
}
