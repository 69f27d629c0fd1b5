package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.upstream.Connection;

/**
 * Lets each frame of one relay through once: a seq that is not above the last one is a repeat.
 *
 * <p>It starts anew with a connection whose seqs cannot be compared with those before it. Not thread-safe.
 */
final class SeqGuard {
    private static final long NONE = Long.MIN_VALUE;

    private long connection = NONE;
    private long last;
    private long onlyRepeatsSince = NONE;

    /** @param last seq of the last frame journaled; -1: none */
    SeqGuard(long last) {
        this.last = last;
    }

    /** To be called before the frames of a batch are asked about. */
    void over(Connection now) {
        if (now.id() != connection) {
            connection = now.id();
            onlyRepeatsSince = NONE;
            if (now.guardStartsAnew()) {
                last = -1;
            }
        }
    }

    /** Whether a frame is to be skipped; one without a seq never is. */
    boolean isRepeat(long seq, long nowNanos) {
        if (seq == DecodedFrames.NO_SEQ) {
            return false;
        }
        if (seq <= last) {
            if (onlyRepeatsSince == NONE) {
                onlyRepeatsSince = nowNanos;
            }
            return true;
        }
        last = seq;
        onlyRepeatsSince = NONE;
        return false;
    }

    /** Nanoseconds for which nothing but repeats has come; 0 when something else did. */
    long onlyRepeatsForNanos(long nowNanos) {
        return onlyRepeatsSince == NONE ? 0 : nowNanos - onlyRepeatsSince;
    }

    /** The last seq let through; -1: none since the start or since the guard started anew. */
    long last() {
        return last;
    }
}
