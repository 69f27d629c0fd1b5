package dev.jetstream.decode;

import static dev.jetstream.decode.CborCursor.isIndefinite;
import static dev.jetstream.decode.CborCursor.major;

/**
 * Writes a DAG-CBOR record as atproto JSON, in one pass: a map's entries as they come, then sorted. A record that has no JSON, or
 * is over a limit, is rejected.
 */
final class RecordWriter {
    static final int MAX_RECORD_BYTES = 1024 * 1024;
    static final int MAX_ENTRIES = 128 * 1024;
    static final int MAX_KEY_BYTES = 8192;
    static final int MAX_DEPTH = 128;

    private static final byte[] LINK = Bytes.ascii("{\"$link\":\"");
    private static final byte[] BYTES = Bytes.ascii("{\"$bytes\":\"");
    private static final byte[] END = Bytes.ascii("\"}");
    private static final byte[] EMPTY_MAP = Bytes.ascii("{}");
    private static final byte[] EMPTY_ARRAY = Bytes.ascii("[]");
    private static final byte[] NULL = Bytes.ascii("null");
    private static final byte[] TRUE = Bytes.ascii("true");
    private static final byte[] FALSE = Bytes.ascii("false");

    private static final long LINK_KEY = MapEntries.prefixOf("$link");
    private static final long BYTES_KEY = MapEntries.prefixOf("$bytes");
    private static final long TYPE_KEY = MapEntries.prefixOf("$type");
    private static final long BLOB = Bytes.name("blob");

    private final CborCursor cbor = new CborCursor();
    private final MapEntries entries = new MapEntries();
    private final Blobs blobs = new Blobs(entries);
    private JsonOut out;
    /** Whether the last map represents something else: a link, bytes, a blob. */
    private boolean special;

    /** Gives memory back when it holds much more than usual. */
    void reset() {
        entries.reset();
    }

    /** Writes the record {@code in[from, to)}; after a rejection {@code out} ends with incomplete JSON. */
    void write(byte[] in, int from, int to, JsonOut out) {
        if (to - from > MAX_RECORD_BYTES) {
            throw DropReason.TOO_LARGE.rejection();
        }
        this.out = out;
        entries.beginRecord();
        cbor.over(in, from, to, DropReason.MALFORMED_RECORD);
        int head = cbor.head();
        if (major(head) != CborCursor.MAP) {
            throw DropReason.BAD_RECORD.rejection();
        }
        map(head, 1);
        if (special) {
            throw DropReason.BAD_RECORD.rejection();
        }
        if (cbor.at != to) {
            throw cbor.malformed();
        }
        entries.endRecord(out);
    }

    private void value(int depth) {
        int head = cbor.head();
        if (isIndefinite(head)) {
            throw cbor.malformed();
        }
        switch (major(head)) {
            case CborCursor.UNSIGNED -> out.number(int64(cbor.argument));
            case CborCursor.NEGATIVE -> out.number(~int64(cbor.argument));
            case CborCursor.BYTES -> bytes();
            case CborCursor.TEXT -> text();
            case CborCursor.ARRAY -> array(depth);
            case CborCursor.MAP -> map(head, depth);
            case CborCursor.TAG -> link();
            default -> simple(head);
        }
    }

    private static long int64(long argument) {
        if (argument < 0) {
            throw DropReason.BIG_INTEGER.rejection();
        }
        return argument;
    }

    private void text() {
        int length = cbor.length();
        int from = cbor.at;
        cbor.at = from + length;
        out.string(cbor.in, from, from + length);
    }

    private void bytes() {
        int length = cbor.length();
        out.put(BYTES);
        Multibase.base64(out, cbor.in, cbor.at, length);
        out.put(END);
        cbor.at += length;
    }

    private void link() {
        if (cbor.argument != CborCursor.CID_TAG) {
            throw cbor.malformed();
        }
        int length = cbor.string(CborCursor.BYTES);
        int at = cbor.at;
        if (length < 2 || cbor.in[at] != 0 || !Cid.isWhole(cbor.in, at + 1, length - 1)) {
            throw DropReason.BAD_RECORD.rejection();
        }
        out.put(LINK);
        Multibase.cid(out, cbor.in, at + 1, length - 1);
        out.put(END);
        cbor.at = at + length;
    }

    private void simple(int head) {
        switch (head) {
            case CborCursor.FALSE -> out.put(FALSE);
            case CborCursor.TRUE -> out.put(TRUE);
            case CborCursor.NULL, CborCursor.UNDEFINED -> out.put(NULL);
            case 0xF9 -> whole(half((int) cbor.argument));
            case 0xFA -> whole(Float.intBitsToFloat((int) cbor.argument));
            case 0xFB -> whole(Double.longBitsToDouble(cbor.argument));
            default -> throw cbor.malformed();
        }
    }

    private void whole(double number) {
        DropReason.FLOAT.unless(number >= -0x1p63 && number < 0x1p63 && number == Math.rint(number));
        out.number((long) number);
    }

    /** The value of an IEEE 754 half. */
    private static double half(int bits) {
        int exponent = bits >>> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        double magnitude = exponent == 0
                ? fraction * 0x1p-24
                : exponent == 31
                        ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                        : Math.scalb(1024 + fraction, exponent - 25);
        return (bits & 0x8000) == 0 ? magnitude : -magnitude;
    }

    /** The number of items or entries of the container whose head was read, within the limits. */
    private int entries(int depth, int bytesEach) {
        if (depth > MAX_DEPTH || Long.compareUnsigned(cbor.argument, MAX_ENTRIES) > 0) {
            throw DropReason.TOO_LARGE.rejection();
        }
        int count = (int) cbor.argument;
        if ((long) count * bytesEach > cbor.end - cbor.at) {
            throw cbor.malformed();
        }
        return count;
    }

    private void array(int depth) {
        int count = entries(depth, 1);
        if (count == 0) {
            out.put(EMPTY_ARRAY);
            return;
        }
        char before = '[';
        for (int i = 0; i < count; i++) {
            out.put(before);
            value(depth + 1);
            before = ',';
        }
        out.put(']');
    }

    private void map(int head, int depth) {
        if (isIndefinite(head)) {
            throw cbor.malformed();
        }
        int count = entries(depth, 2);
        if (count == 0) {
            special = false;
            out.put(EMPTY_MAP);
            return;
        }
        int base = entries.open();
        boolean blob = false;
        out.put('{');
        for (int i = 0; i < count; i++) {
            long key = key();
            if (key >>> 56 == '$') {
                if (key == LINK_KEY || key == BYTES_KEY) {
                    standIn(key == LINK_KEY, count);
                    entries.close(base);
                    return;
                }
                blob |= key == TYPE_KEY && isBlobType();
            }
            value(depth + 1);
            out.put(',');
        }
        special = blobs.finish(base, count, blob, out);
        entries.close(base);
        out.bytes[out.at - 1] = '}';
    }

    private long key() {
        int length = cbor.string(CborCursor.TEXT);
        if (length > MAX_KEY_BYTES) {
            throw DropReason.TOO_LARGE.rejection();
        }
        int from = cbor.at;
        cbor.at = from + length;
        int start = out.at;
        out.string(cbor.in, from, from + length);
        long key = entries.add(out, start);
        out.put(':');
        return key;
    }

    /** Whether the value of {@code $type}, which must be a non-empty text, is {@code blob}. Does not read it. */
    private boolean isBlobType() {
        int start = cbor.at;
        int head = cbor.head();
        if (major(head) != CborCursor.TEXT || cbor.argument == 0) {
            throw DropReason.BAD_RECORD.rejection();
        }
        boolean blob = cbor.argument == 4 && cbor.length() == 4 && Bytes.name(cbor.in, cbor.at, 4) == BLOB;
        cbor.at = start;
        return blob;
    }

    /** Writes the value and the end of a map that spells out a link or bytes as JSON does. */
    private void standIn(boolean link, int count) {
        if (count != 1 || major(cbor.peek()) != CborCursor.TEXT) {
            throw DropReason.BAD_RECORD.rejection();
        }
        int length = cbor.string(CborCursor.TEXT);
        out.put('"');
        if (link) {
            byte[] cid = Multibase.parseCid(cbor.in, cbor.at, length);
            Multibase.cid(out, cid, 0, cid.length);
        } else {
            byte[] bytes = Multibase.parseBase64(cbor.in, cbor.at, length);
            Multibase.base64(out, bytes, 0, bytes.length);
        }
        out.put(END);
        cbor.at += length;
        special = true;
    }
}
