package dev.jetstream.decode;

import static dev.jetstream.decode.CborCursor.isIndefinite;
import static dev.jetstream.decode.CborCursor.major;

/**
 * Writes a DAG-CBOR record as atproto JSON, in one pass: entries as they come, then sorted in place. What the data model has no
 * JSON for, or a limit, ends it with a {@link Rejection}.
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
    /** Whether the map written last is one that stands for something else: a link, bytes, a blob. */
    private boolean special;

    /** Gives memory back when much more is held than usual. */
    void reset() {
        entries.reset();
    }

    /** Writes the record that is {@code [from, to)}; what a {@link Rejection} leaves behind in {@code out} is no JSON. */
    void write(byte[] in, int from, int to, JsonOut out) {
        if (to - from > MAX_RECORD_BYTES) {
            throw Rejection.of(DropReason.TOO_LARGE);
        }
        this.out = out;
        entries.beginRecord();
        cbor.over(in, from, to, DropReason.MALFORMED_RECORD);
        int head = cbor.head();
        if (major(head) != CborCursor.MAP) {
            throw Rejection.of(DropReason.BAD_RECORD);
        }
        map(head, 1);
        if (special) {
            throw Rejection.of(DropReason.BAD_RECORD);
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
            throw Rejection.of(DropReason.BIG_INTEGER);
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
        BaseText.base64(out, cbor.in, cbor.at, length);
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
            throw Rejection.of(DropReason.BAD_RECORD);
        }
        out.put(LINK);
        BaseText.cid(out, cbor.in, at + 1, length - 1);
        out.put(END);
        cbor.at = at + length;
    }

    private void simple(int head) {
        switch (head) {
            case CborCursor.FALSE -> out.put(FALSE);
            case CborCursor.TRUE -> out.put(TRUE);
            case CborCursor.NULL, CborCursor.UNDEFINED -> out.put(NULL);
            case 0xF9 -> whole(Floats.half((int) cbor.argument));
            case 0xFA -> whole(Float.intBitsToFloat((int) cbor.argument));
            case 0xFB -> whole(Double.longBitsToDouble(cbor.argument));
            default -> throw cbor.malformed();
        }
    }

    private void whole(double number) {
        if (!Floats.isInt64(number)) {
            throw Rejection.of(DropReason.FLOAT);
        }
        out.number((long) number);
    }

    /** The number of items or entries of the container whose head was read, within the limits. */
    private int entries(int depth, int bytesEach) {
        if (depth > MAX_DEPTH || Long.compareUnsigned(cbor.argument, MAX_ENTRIES) > 0) {
            throw Rejection.of(DropReason.TOO_LARGE);
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
            throw Rejection.of(DropReason.TOO_LARGE);
        }
        int from = cbor.at;
        cbor.at = from + length;
        int start = out.at;
        out.string(cbor.in, from, from + length);
        long key = entries.add(out, start);
        out.put(':');
        return key;
    }

    /** Looks at the value of {@code $type}, which must be a text that is not empty. */
    private boolean isBlobType() {
        int start = cbor.at;
        int head = cbor.head();
        if (major(head) != CborCursor.TEXT || cbor.argument == 0) {
            throw Rejection.of(DropReason.BAD_RECORD);
        }
        boolean blob = cbor.argument == 4 && cbor.length() == 4 && Bytes.name(cbor.in, cbor.at, 4) == BLOB;
        cbor.at = start;
        return blob;
    }

    /** Writes the value and the end of a map that stands for a link or for bytes, as JSON writes these. */
    private void standIn(boolean link, int count) {
        if (count != 1 || major(cbor.peek()) != CborCursor.TEXT) {
            throw Rejection.of(DropReason.BAD_RECORD);
        }
        int length = cbor.string(CborCursor.TEXT);
        out.put('"');
        if (link) {
            byte[] cid = TextToBytes.cid(cbor.in, cbor.at, length);
            BaseText.cid(out, cid, 0, cid.length);
        } else {
            byte[] bytes = TextToBytes.base64(cbor.in, cbor.at, length);
            BaseText.base64(out, bytes, 0, bytes.length);
        }
        out.put(END);
        cbor.at += length;
        special = true;
    }
}
