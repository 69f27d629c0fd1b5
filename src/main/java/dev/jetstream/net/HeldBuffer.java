package dev.jetstream.net;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of an unfinished message or request head. It grows with what arrives, never by what a header claims, within the size
 * limit of one message and the budget that all connections share.
 */
final class HeldBuffer {
    /**
     * One limit on the bytes that are held over all connections: the limit of a single one, times the connections, would exceed
     * any heap. Any thread.
     */
    static final class Budget {
        private final long max;
        private final AtomicLong held = new AtomicLong();

        Budget(long max) {
            this.max = max;
        }

        /** Takes {@code bytes} from what is left; false, and takes nothing, when that is less. */
        private boolean take(long bytes) {
            if (held.addAndGet(bytes) > max) {
                held.addAndGet(-bytes);
                return false;
            }
            return true;
        }

        private void give(long bytes) {
            held.addAndGet(-bytes);
        }

        long held() {
            return held.get();
        }
    }

    private static final byte[] EMPTY = {};
    private static final int MIN_CAPACITY = 1024;

    private final int max;
    private final Budget budget;
    private byte[] bytes = EMPTY;
    private int length;
    /** Bytes of a message that was lent and is still used. */
    private int lent;

    /** @param max bytes of one message; the caller checks it, here it bounds the capacity */
    HeldBuffer(int max, Budget budget) {
        this.max = max;
        this.budget = budget;
    }

    int length() {
        return length;
    }

    /**
     * Appends a piece.
     *
     * @param toCome bytes of the message that follow this piece; negative: unknown
     * @return false when all connections together hold too much
     */
    boolean append(byte[] from, int start, int end, long toCome) {
        int needed = length + (end - start);
        if (needed > bytes.length) {
            int capacity = toCome == 0 ? needed : (int) Math.min(max, Math.max(MIN_CAPACITY, 2L * needed));
            if (!budget.take(capacity - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        System.arraycopy(from, start, bytes, length, end - start);
        length = needed;
        return true;
    }

    /** Hands the message out and starts with an empty one. Its bytes stay counted until {@link #done}: they are held elsewhere. */
    byte[] lend() {
        byte[] message = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        budget.give(bytes.length - length);
        lent += length;
        bytes = EMPTY;
        length = 0;
        return message;
    }

    /** What was lent is no longer used. */
    void done() {
        budget.give(lent);
        lent = 0;
    }

    /** Drops what has arrived of the message. */
    void clear() {
        budget.give(bytes.length);
        bytes = EMPTY;
        length = 0;
    }

    /** Gives back everything. */
    void release() {
        clear();
        done();
    }
}
