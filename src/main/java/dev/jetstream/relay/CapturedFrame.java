package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A captured frame and where its seq stands in it.
 *
 * @param seqAt the offset of the CBOR integer that is the seq; where there is none, the frame's end
 * @param seqEnd the offset behind it
 * @param seq the seq, -1 where there is none: an {@code #info}, an error, or no valid frame at all
 */
record CapturedFrame(byte[] bytes, int seqAt, int seqEnd, long seq) {
    private static final byte[] KEY = "seq".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_DEPTH = 32;

    private static final int UNSIGNED = 0;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int SIMPLE = 7;

    /** Looks for the seq: the entry of that name in the frame's second map. Any bytes will do. */
    static CapturedFrame of(byte[] frame) {
        try {
            Walk walk = new Walk(frame);
            walk.skip(0);
            long entries = walk.head(MAP);
            for (long i = 0; i < entries; i++) {
                long length = walk.head(TEXT);
                int key = walk.take(length);
                if (Arrays.equals(frame, key, key + (int) length, KEY, 0, KEY.length)) {
                    int at = walk.at;
                    long seq = walk.head(UNSIGNED);
                    return new CapturedFrame(frame, at, walk.at, seq);
                }
                walk.skip(0);
            }
        } catch (IllegalArgumentException e) {
            // not a frame that has a seq: sent as it is
        }
        return new CapturedFrame(frame, frame.length, frame.length, -1);
    }

    boolean hasSeq() {
        return seq >= 0;
    }

    /** A walk over CBOR items of definite length; anything else ends it with an {@link IllegalArgumentException}. */
    private static final class Walk {
        private final byte[] bytes;
        private int at;

        Walk(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Reads a head of this major type and returns its value, which fits a positive long. */
        long head(int major) {
            check((bytes[take(1)] >> 5 & 7) == major);
            at--;
            return value();
        }

        private long value() {
            int low = bytes[take(1)] & 31;
            if (low < 24) {
                return low;
            }
            check(low < 28);
            long value = 0;
            for (int i = 1 << low - 24; i > 0; i--) {
                value = value << 8 | bytes[take(1)] & 0xFF;
            }
            check(value >= 0);
            return value;
        }

        /** Steps over {@code length} bytes and returns where they start. */
        int take(long length) {
            check(length <= bytes.length - at);
            int from = at;
            at += (int) length;
            return from;
        }

        void skip(int depth) {
            check(depth < MAX_DEPTH && at < bytes.length);
            int major = bytes[at] >> 5 & 7;
            if (major == SIMPLE) {
                check((bytes[at] & 31) < 28);
                int low = bytes[take(1)] & 31;
                take(low < 24 ? 0 : 1L << low - 24);
                return;
            }
            long value = major == 1 ? negative() : value();
            if (major == BYTES || major == TEXT) {
                take(value);
            } else if (major == ARRAY || major == MAP || major == TAG) {
                long items = major == TAG ? 1 : major == ARRAY ? value : value * 2;
                check(items >= 0 && items <= bytes.length - at);
                for (long i = 0; i < items; i++) {
                    skip(depth + 1);
                }
            }
        }

        private long negative() {
            int low = bytes[take(1)] & 31;
            check(low < 28);
            take(low < 24 ? 0 : 1L << low - 24);
            return 0;
        }

        private static void check(boolean holds) {
            if (!holds) {
                throw new IllegalArgumentException();
            }
        }
    }
}
