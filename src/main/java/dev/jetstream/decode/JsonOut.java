package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.LITTLE_LONG;

import dev.jetstream.common.Digits;
import java.util.Arrays;

/**
 * A growing array of JSON. Strings are escaped as Go's encoder does: {@code <}, {@code >}, {@code &}, U+2028 and U+2029 too, and a
 * byte that is not UTF-8 becomes {@code \ufffd}.
 */
final class JsonOut {
    /** Limit for a message and for a batch. */
    static final int MAX_BYTES = 1 << 30;

    /** Writes of whole words may spoil this many bytes after {@link #at}. */
    private static final int SLACK = 16;

    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = LOW_BITS << 7;
    private static final byte[] HEX = Bytes.ascii("0123456789abcdef");
    private static final byte[] MIN_LONG = Bytes.ascii(Long.toString(Long.MIN_VALUE));

    byte[] bytes = {};
    int at;

    /** Starts at the beginning of another array. */
    void begin(byte[] array) {
        bytes = array;
        at = 0;
    }

    /** Makes room for {@code more} bytes. */
    void ensure(int more) {
        if (more > bytes.length - SLACK - at) {
            grow(more);
        }
    }

    private void grow(int more) {
        long needed = (long) at + more + SLACK;
        if (needed > MAX_BYTES) {
            throw DropReason.TOO_LARGE.rejection();
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * bytes.length)));
    }

    void put(char ascii) {
        ensure(1);
        bytes[at++] = (byte) ascii;
    }

    void put(byte[] from) {
        put(from, 0, from.length);
    }

    void put(byte[] from, int start, int length) {
        ensure(length);
        System.arraycopy(from, start, bytes, at, length);
        at += length;
    }

    /** Writes {@code in[from, to)} as a string with its quotes. */
    void string(byte[] in, int from, int to) {
        ensure(to - from + 2);
        bytes[at++] = '"';
        escaped(in, from, to);
        bytes[at++] = '"';
    }

    /** Writes the content of a string, and leaves room for two more bytes. */
    void escaped(byte[] in, int from, int to) {
        ensure(to - from + 2);
        byte[] out = bytes;
        int o = at;
        int i = from;
        while (i < to) {
            long word = Bytes.wordAt(in, i);
            LITTLE_LONG.set(out, o, word);
            int plain = plainBytes(word);
            int left = to - i;
            if (plain == Long.BYTES && left >= Long.BYTES) {
                i += Long.BYTES;
                o += Long.BYTES;
            } else if (plain >= left) {
                o += left;
                break;
            } else {
                at = o + plain;
                i = special(in, i + plain, to);
                out = bytes;
                o = at;
            }
        }
        at = o;
    }

    /** Number of a word's bytes, from the lowest on, that need no escape. */
    private static int plainBytes(long word) {
        // Pairs that differ in one bit are found together: " and &, < and >.
        long quoteOrAmpersand = (word | 0x04 * LOW_BITS) ^ 0x26 * LOW_BITS;
        long angle = (word | 0x02 * LOW_BITS) ^ 0x3E * LOW_BITS;
        long backslash = word ^ 0x5C * LOW_BITS;
        long found =
                word | word - 0x20 * LOW_BITS | quoteOrAmpersand - LOW_BITS | angle - LOW_BITS | backslash - LOW_BITS;
        return Long.numberOfTrailingZeros(found & HIGH_BITS) >>> 3;
    }

    /** Writes characters until one needs no escape; returns its offset, or {@code to}. */
    private int special(byte[] in, int from, int to) {
        int i = from;
        do {
            ensure(to - i + 8);
            byte b = in[i];
            if (b < 0) {
                i = beyondAscii(in, i, to);
            } else if (isPlain(b)) {
                return i;
            } else {
                escape(b);
                i++;
            }
        } while (i < to);
        return i;
    }

    private static boolean isPlain(byte b) {
        return b >= ' ' && b != '"' && b != '\\' && b != '<' && b != '>' && b != '&';
    }

    private void escape(byte b) {
        bytes[at++] = '\\';
        switch (b) {
            case '"', '\\' -> bytes[at++] = b;
            case '\n' -> bytes[at++] = 'n';
            case '\r' -> bytes[at++] = 'r';
            case '\t' -> bytes[at++] = 't';
            default -> unicode(b);
        }
    }

    private void unicode(int character) {
        bytes[at++] = 'u';
        for (int shift = 12; shift >= 0; shift -= 4) {
            bytes[at++] = HEX[character >> shift & 0xF];
        }
    }

    /** Copies a character of two to four bytes, or escapes a byte that starts none (Unicode, table 3-7). */
    private int beyondAscii(byte[] in, int i, int to) {
        int size = sizeOf(in, i, to);
        if (size == 0) {
            bytes[at++] = '\\';
            unicode(0xFFFD);
            return i + 1;
        }
        if (size == 3 && in[i] == (byte) 0xE2 && in[i + 1] == (byte) 0x80 && (in[i + 2] & 0xFE) == 0xA8) {
            bytes[at++] = '\\';
            unicode(0x2028 | in[i + 2] & 1);
            return i + 3;
        }
        for (int end = i + size, k = i; k < end; k++) {
            bytes[at++] = in[k];
        }
        return i + size;
    }

    private static int sizeOf(byte[] in, int i, int to) {
        int first = in[i] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        int size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        if (to - i < size) {
            return 0;
        }
        int second = in[i + 1] & 0xFF;
        int lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < lowest || second > highest) {
            return 0;
        }
        for (int k = i + 2; k < i + size; k++) {
            if ((in[k] & 0xC0) != 0x80) {
                return 0;
            }
        }
        return size;
    }

    void number(long value) {
        ensure(20);
        if (value == Long.MIN_VALUE) {
            put(MIN_LONG);
            return;
        }
        long rest = value;
        if (rest < 0) {
            bytes[at++] = '-';
            rest = -rest;
        }
        int digits = Digits.count(rest);
        Digits.write(bytes, at, at + digits, rest);
        at += digits;
    }
}
