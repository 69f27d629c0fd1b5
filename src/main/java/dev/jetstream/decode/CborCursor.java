package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.BIG_INT;
import static dev.jetstream.decode.Bytes.BIG_LONG;
import static dev.jetstream.decode.Bytes.BIG_SHORT;

/**
 * A position in CBOR bytes (RFC 8949), with the argument of the head read last. Every read is checked against the range it was
 * given; what is wrong is a {@link Rejection} with the reason it was given.
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

    /** Indefinite-length items that may be open at the same time while a value is skipped. */
    private static final int MAX_OPEN = 64;

    byte[] in;
    int at;
    int end;
    /** The argument of the head read last; as unsigned. Of a float: its bits. */
    long argument;

    private Rejection malformed;
    private final long[] open = new long[MAX_OPEN];

    /** Stands at the start of a range of {@code in}; whatever is wrong in it is rejected with {@code reason}. */
    void over(byte[] in, int from, int to, DropReason reason) {
        this.in = in;
        at = from;
        end = to;
        malformed = Rejection.of(reason);
    }

    Rejection malformed() {
        return malformed;
    }

    static int major(int head) {
        return head >>> 5;
    }

    static boolean isIndefinite(int head) {
        return (head & 31) == INDEFINITE;
    }

    /** Reads an item's head: returns its first byte, 0 to 255, and leaves its {@link #argument}. */
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

    /** The first byte of the next item, 0 to 255, which stays unread. */
    int peek() {
        if (at >= end) {
            throw malformed;
        }
        return in[at] & 0xFF;
    }

    /** The argument as a number of bytes, items or entries: no more than there are bytes left. */
    int length() {
        long length = argument;
        if (length < 0 || length > end - at) {
            throw malformed;
        }
        return (int) length;
    }

    /** Reads the head of a byte or text string of definite length; {@link #at} is then its first byte. Returns its length. */
    int string(int major) {
        int head = head();
        if (major(head) != major || isIndefinite(head)) {
            throw malformed;
        }
        return length();
    }

    /** Reads a map's head. Returns its entries, negative when their number is not given and a break ends them. */
    int map() {
        int head = head();
        if (major(head) != MAP) {
            throw malformed;
        }
        return isIndefinite(head) ? -1 : length();
    }

    /** Whether a container goes on whose {@code left} items are to come; a negative number asks for the break, and reads it. */
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

    /** Reads an integer of 0 to 2^63 - 1. */
    long unsigned() {
        int head = head();
        if (major(head) != UNSIGNED || isIndefinite(head) || argument < 0) {
            throw malformed;
        }
        return argument;
    }

    /** Reads a null when there is one. */
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

    /** Reads over one item with all that is in it, without recursion. */
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
