package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.BIG_INT;
import static dev.jetstream.decode.Bytes.BIG_LONG;
import static dev.jetstream.decode.Bytes.BIG_SHORT;

/**
 * A reader of CBOR (RFC 8949) over a range of bytes. Each read is checked against the range; what is malformed is rejected with
 * the reason given to {@link #over}.
 */
final class CborCursor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    static final int INDEFINITE = 31;
    static final int BREAK = 0xFF;
    static final int FALSE = 0xF4;
    static final int TRUE = 0xF5;
    static final int NULL = 0xF6;
    static final int UNDEFINED = 0xF7;

    /** The tag of a CID. */
    static final int CID_TAG = 42;

    /** Nested items of indefinite length in a skipped value. */
    private static final int MAX_OPEN = 64;

    byte[] in;
    int at;
    int end;
    /** The argument of the last head, unsigned; of a float its bits. */
    long argument;

    private DropReason.Rejection malformed;
    private final long[] open = new long[MAX_OPEN];

    /** Moves to the start of {@code in[from, to)}. */
    void over(byte[] in, int from, int to, DropReason reason) {
        this.in = in;
        at = from;
        end = to;
        malformed = reason.rejection();
    }

    DropReason.Rejection malformed() {
        return malformed;
    }

    static int major(int head) {
        return head >>> 5;
    }

    static boolean isIndefinite(int head) {
        return (head & 31) == INDEFINITE;
    }

    /** Reads an item's head and its {@link #argument}; returns the first byte, 0 to 255. */
    int head() {
        int p = at;
        if (p >= end) {
            throw malformed;
        }
        int first = in[p] & 0xFF;
        int info = first & 31;
        if (info < 24) {
            at = p + 1;
            argument = info;
        } else if (info == 24 && p + 1 < end) {
            at = p + 2;
            argument = in[p + 1] & 0xFF;
        } else {
            at = p + 1;
            argument = longArgument(info);
        }
        return first;
    }

    private long longArgument(int info) {
        if (info == INDEFINITE) {
            return 0;
        }
        int p = at;
        int size = 1 << info - 24;
        if (info > 27 || end - p < size) {
            throw malformed;
        }
        at = p + size;
        return info == 25
                ? (short) BIG_SHORT.get(in, p) & 0xFFFF
                : info == 26 ? (int) BIG_INT.get(in, p) & 0xFFFF_FFFFL : (long) BIG_LONG.get(in, p);
    }

    /** The next item's first byte, 0 to 255, without reading it. */
    int peek() {
        if (at >= end) {
            throw malformed;
        }
        return in[at] & 0xFF;
    }

    /** The argument as a number of bytes, items or entries, at most the number of bytes left. */
    int length() {
        long length = argument;
        if (length < 0 || length > end - at) {
            throw malformed;
        }
        return (int) length;
    }

    /** Reads the head of a byte or text string of definite length; returns the length. */
    int string(int major) {
        int head = head();
        if (major(head) != major || isIndefinite(head)) {
            throw malformed;
        }
        return length();
    }

    /** Moves past a string's bytes; returns the offset of the first one. */
    int pass(int length) {
        int from = at;
        at = from + length;
        return from;
    }

    /** Whether the next item is a text of definite length. */
    boolean isText() {
        int head = peek();
        return major(head) == TEXT && !isIndefinite(head);
    }

    /** Reads a map's key as {@link Bytes#name}; -1 when it is not a text or longer than eight bytes. */
    long key() {
        if (!isText()) {
            skip();
            return -1;
        }
        int length = string(TEXT);
        return Bytes.name(in, pass(length), length);
    }

    /** Reads a map's head; returns the number of entries, negative when it is indefinite and a break ends them. */
    int map() {
        int head = head();
        if (major(head) != MAP) {
            throw malformed;
        }
        return isIndefinite(head) ? -1 : length();
    }

    /** Whether a container of {@code left} more items continues; if {@code left} is negative, looks for the break and reads it. */
    boolean hasNext(int left) {
        if (left >= 0) {
            return left > 0;
        }
        if (peek() == BREAK) {
            at++;
            return false;
        }
        return true;
    }

    /** Reads an integer from 0 to 2^63 - 1. */
    long unsigned() {
        int head = head();
        if (major(head) != UNSIGNED || isIndefinite(head) || argument < 0) {
            throw malformed;
        }
        return argument;
    }

    /** Reads a null if it is next; returns whether it was. */
    boolean skipNull() {
        if (peek() == NULL) {
            at++;
            return true;
        }
        return false;
    }

    boolean bool() {
        int head = head();
        if (head != TRUE && head != FALSE) {
            throw malformed;
        }
        return head == TRUE;
    }

    /** Skips one item with everything in it, without recursion. */
    void skip() {
        int depth = 0;
        long pending = 1;
        while (true) {
            if (pending == 0) {
                if (depth == 0) {
                    return;
                }
                if (peek() != BREAK) {
                    pending = 1;
                    continue;
                }
                at++;
                pending = open[--depth];
                continue;
            }
            int head = head();
            pending--;
            if (isIndefinite(head)) {
                if (depth == MAX_OPEN || major(head) < BYTES || major(head) > MAP) {
                    throw malformed;
                }
                open[depth++] = pending;
                pending = 0;
                continue;
            }
            switch (major(head)) {
                case BYTES, TEXT -> at += length();
                case ARRAY -> pending += length();
                case MAP -> pending += 2L * length();
                case TAG -> pending++;
                default -> {}
            }
        }
    }
}
