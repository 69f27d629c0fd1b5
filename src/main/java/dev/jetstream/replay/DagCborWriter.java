package dev.jetstream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes a value of atproto JSON as canonical DAG-CBOR: the shortest heads, and keys ordered by length, then bytewise. Not for threads
 * to share.
 *
 * <p>v1's JSON does not say everything: the text {@code "a\ufffd"} may have been other bytes, and the map of a {@code $link} may have been
 * a map of a text. The caller compares the result with the record's CID.
 */
final class DagCborWriter {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int FALSE = 0xF4;
    private static final int TRUE = 0xF5;
    private static final int NULL = 0xF6;
    private static final int DOUBLE = 0xFB;

    private static final int MAX_HEAD = 9;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private byte[] bytes = new byte[1 << 16];
    private int at;
    private int[] entries = new int[64];
    private int entriesAt;

    /** A value that JSON holds and DAG-CBOR does not. */
    static final class InexpressibleException extends IOException {
        private static final long serialVersionUID = 1;

        InexpressibleException(String message) {
            super(message);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return at;
    }

    /** Drops all after this length. */
    void truncate(int length) {
        at = length;
    }

    /**
     * Appends the value whose first token is the parser's current one, which is its last one afterwards.
     *
     * @throws InexpressibleException where DAG-CBOR has no such value; some of it may have been appended
     */
    void value(JsonParser json) throws IOException {
        entriesAt = 0;
        append(json);
    }

    private void append(JsonParser json) throws IOException {
        switch (json.currentToken()) {
            case START_OBJECT -> map(json);
            case START_ARRAY -> array(json);
            case VALUE_STRING -> text(json.getText());
            case VALUE_NUMBER_INT -> integer(json);
            case VALUE_NUMBER_FLOAT -> real(json.getDoubleValue());
            case VALUE_TRUE -> put(TRUE);
            case VALUE_FALSE -> put(FALSE);
            case VALUE_NULL -> put(NULL);
            default -> throw new InexpressibleException("token " + json.currentToken());
        }
    }

    private void integer(JsonParser json) throws IOException {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw new InexpressibleException("an integer beyond 64 bits");
        }
        long value = json.getLongValue();
        if (value >= 0) {
            head(UNSIGNED, value);
        } else {
            head(NEGATIVE, -1 - value);
        }
    }

    private void real(double value) {
        put(DOUBLE);
        number(Double.doubleToRawLongBits(value), Long.BYTES);
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        head(TEXT, utf8.length);
        put(utf8, 0, utf8.length);
    }

    private void array(JsonParser json) throws IOException {
        int start = at;
        long count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            append(json);
            count++;
        }
        insertHead(start, ARRAY, count);
    }

    private void map(JsonParser json) throws IOException {
        int start = at;
        int base = entriesAt;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String key = json.currentName();
            json.nextToken();
            if (at == start
                    && json.currentToken() == JsonToken.VALUE_STRING
                    && (key.equals("$link") || key.equals("$bytes"))) {
                standIn(key, json);
                return;
            }
            addEntry(at);
            text(key);
            append(json);
        }
        int count = entriesAt - base;
        sort(start, base, count);
        entriesAt = base;
        insertHead(start, MAP, count);
    }

    /** Appends the link or the bytes that a map of one entry stands for. */
    private void standIn(String key, JsonParser json) throws IOException {
        String text = json.getText();
        if (json.nextToken() != JsonToken.END_OBJECT) {
            throw new InexpressibleException("a " + key + " beside another key");
        }
        if (key.equals("$bytes")) {
            byte[] value = base64(text);
            head(BYTES, value.length);
            put(value, 0, value.length);
            return;
        }
        byte[] cid = cid(text);
        put(0xD8);
        put(42);
        head(BYTES, cid.length + 1L);
        put(0);
        put(cid, 0, cid.length);
    }

    private static byte[] base64(String text) throws IOException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InexpressibleException("base64: " + e.getMessage());
        }
    }

    /** The bytes of a CID in base32, the form that v1's JSON has. */
    static byte[] cid(String text) throws IOException {
        if (!text.startsWith("b")) {
            throw new InexpressibleException("a CID that is not in base32");
        }
        byte[] out = new byte[(text.length() - 1) * 5 / 8];
        int held = 0;
        int bits = 0;
        int o = 0;
        for (int i = 1; i < text.length(); i++) {
            int digit = BASE32.indexOf(text.charAt(i));
            if (digit < 0) {
                throw new InexpressibleException("a CID that is not in base32");
            }
            bits = (bits << 5 | digit) & 0xFFF;
            held += 5;
            if (held >= 8) {
                held -= 8;
                out[o++] = (byte) (bits >> held);
            }
        }
        return out;
    }

    private void addEntry(int offset) {
        if (entriesAt == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[entriesAt++] = offset;
    }

    /** Brings a map's entries in order; keys begin with their heads, so bytewise order is that of length, then bytes. */
    private void sort(int start, int base, int count) {
        boolean ordered = true;
        for (int i = 1; i < count && ordered; i++) {
            ordered = compareAt(entries[base + i - 1], entries[base + i]) <= 0;
        }
        if (ordered) {
            return;
        }
        byte[] unordered = Arrays.copyOfRange(bytes, start, at);
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> compareAt(entries[base + a], entries[base + b]));
        int to = start;
        for (int i : order) {
            int from = entries[base + i];
            int end = i + 1 < count ? entries[base + i + 1] : at;
            System.arraycopy(unordered, from - start, bytes, to, end - from);
            to += end - from;
        }
    }

    private int compareAt(int a, int b) {
        return Arrays.compareUnsigned(bytes, a, a + keyLength(a), bytes, b, b + keyLength(b));
    }

    /** Bytes of a key with its head. */
    private int keyLength(int offset) {
        int info = bytes[offset] & 0x1F;
        if (info < 24) {
            return 1 + info;
        }
        int size = 1 << info - 24;
        int length = 0;
        for (int i = 1; i <= size; i++) {
            length = length << 8 | bytes[offset + i] & 0xFF;
        }
        return 1 + size + length;
    }

    private void insertHead(int start, int major, long count) {
        int size = headSize(count);
        ensure(MAX_HEAD);
        System.arraycopy(bytes, start, bytes, start + size, at - start);
        int end = at + size;
        at = start;
        head(major, count);
        at = end;
    }

    private static int headSize(long value) {
        return value < 24 ? 1 : value < 1 << 8 ? 2 : value < 1 << 16 ? 3 : value < 1L << 32 ? 5 : 9;
    }

    private void head(int major, long value) {
        int size = headSize(value < 0 ? Long.MAX_VALUE : value);
        if (size == 1) {
            put(major << 5 | (int) value);
        } else {
            put(major << 5 | 24 + Integer.numberOfTrailingZeros(size - 1));
            number(value, size - 1);
        }
    }

    private void number(long value, int size) {
        ensure(size);
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
            bytes[at++] = (byte) (value >>> shift);
        }
    }

    private void put(int b) {
        ensure(1);
        bytes[at++] = (byte) b;
    }

    private void put(byte[] from, int start, int length) {
        ensure(length);
        System.arraycopy(from, start, bytes, at, length);
        at += length;
    }

    private void ensure(int more) {
        if (more > bytes.length - at) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), 2 * bytes.length));
        }
    }
}
