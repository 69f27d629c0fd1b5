package dev.jetstream.journal.codec;

import java.nio.charset.StandardCharsets;

/**
 * A reader of what a {@link ByteWriter} wrote. The bytes may be damaged: a value that does not fit reads as 0 and sets
 * {@link #isBad()}. Not thread-safe.
 */
final class ByteReader {
    private final byte[] bytes;
    private final int limit;
    private int at;
    private boolean bad;

    ByteReader(byte[] bytes, int from, int limit) {
        this.bytes = bytes;
        this.limit = limit;
        at = from;
    }

    boolean isBad() {
        return bad;
    }

    int at() {
        return at;
    }

    int remaining() {
        return limit - at;
    }

    /** Any 64 bits; the tenth byte's surplus bits are dropped. */
    long varint() {
        long value = 0;
        for (int shift = 0; shift < 64 && at < limit; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        return fail();
    }

    /** A number of 0 to {@code max}. */
    long varint(long max) {
        long value = varint();
        return value >= 0 && value <= max ? value : fail();
    }

    /** A number of 0 to {@code max}. */
    int varint(int max) {
        return (int) varint((long) max);
    }

    /** A text of at most {@code max} bytes; empty when bad. */
    String text(int max) {
        int length = varint(Math.min(max, limit - at));
        if (length > limit - at) {
            fail();
            return "";
        }
        at += length;
        return new String(bytes, at - length, length, StandardCharsets.UTF_8);
    }

    private long fail() {
        bad = true;
        at = limit;
        return 0;
    }
}
