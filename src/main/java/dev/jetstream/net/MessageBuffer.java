package dev.jetstream.net;

import java.util.Arrays;

/**
 * An unfinished message's bytes. It grows with what came, never by what a header claims, within the size bound of one message
 * and the bound that all connections share.
 */
final class MessageBuffer {
    private static final byte[] EMPTY = {};
    private static final int MIN_CAPACITY = 1024;

    private final int max;
    private final HeldBytes held;
    private byte[] bytes = EMPTY;
    private int length;
    /** Bytes of a message that was given away and is not done with. */
    private int lent;

    MessageBuffer(int max, HeldBytes held) {
        this.max = max;
        this.held = held;
    }

    int max() {
        return max;
    }

    /** Whether a frame of {@code more} bytes stays within the message's bound. */
    boolean fits(long more) {
        return more <= max - length;
    }

    /** Counts bytes that are not kept. */
    void count(int more) {
        length += more;
    }

    /**
     * Appends a piece that {@link #fits}.
     *
     * @param toCome bytes that will follow at most, this piece included, if that is known; else 0
     * @return false when all connections together hold too much
     */
    boolean append(byte[] from, int start, int end, long toCome) {
        int needed = length + (end - start);
        if (needed > bytes.length) {
            int capacity = length + toCome <= needed && toCome > 0
                    ? needed
                    : (int) Math.min(max, Math.max(MIN_CAPACITY, 2L * needed));
            if (!held.take(capacity - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, capacity);
        }
        System.arraycopy(from, start, bytes, length, end - start);
        length = needed;
        return true;
    }

    /** Gives the message away and starts anew. Its bytes stay counted until {@link #done}: they are held elsewhere now. */
    byte[] takeBytes() {
        byte[] message = bytes.length == length ? bytes : Arrays.copyOf(bytes, length);
        held.give(bytes.length - length);
        lent += length;
        bytes = EMPTY;
        length = 0;
        return message;
    }

    /** What was given away is dealt with. */
    void done() {
        held.give(lent);
        lent = 0;
    }

    void clear() {
        held.give(bytes.length);
        bytes = EMPTY;
        length = 0;
    }
}
