package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A growing byte array of DAG-CBOR items (RFC 8949), each in its shortest form. Not thread-safe. */
final class CborWriter {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int LINK_TAG = 42;

    private byte[] bytes;
    private int size;

    CborWriter(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    CborWriter map(int entries) {
        return head(MAP, entries);
    }

    CborWriter array(int items) {
        return head(ARRAY, items);
    }

    CborWriter text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text string given as UTF-8. */
    CborWriter text(byte[] utf8) {
        return head(TEXT, utf8.length).raw(utf8, 0, utf8.length);
    }

    CborWriter bytes(byte[] value) {
        return bytes(value, 0, value.length);
    }

    CborWriter bytes(byte[] value, int from, int to) {
        return head(BYTES, to - from).raw(value, from, to - from);
    }

    CborWriter integer(long value) {
        return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, ~value);
    }

    CborWriter bool(boolean value) {
        return raw(value ? 0xF5 : 0xF4);
    }

    CborWriter nil() {
        return raw(0xF6);
    }

    /** A link (tag 42, and a zero byte before the CID); null is written as null. */
    CborWriter link(Cid cid) {
        if (cid == null) {
            return nil();
        }
        return head(TAG, LINK_TAG).head(BYTES, Cid.BYTES + 1).raw(0).raw(cid.shared(), 0, Cid.BYTES);
    }

    /** Text, or null. */
    CborWriter textOrNil(String text) {
        return text == null ? nil() : text(text);
    }

    private CborWriter head(int major, long value) {
        ensure(9);
        size = writeHead(bytes, size, major << 5, value);
        return this;
    }

    /** Writes an unsigned integer. @return the offset after it */
    static int writeUnsigned(byte[] to, int at, long value) {
        return writeHead(to, at, UNSIGNED, value);
    }

    /** Bytes of an unsigned integer: 1, 2, 3, 5 or 9. */
    static int unsignedSize(long value) {
        return value < 24 ? 1 : value < 0x100 ? 2 : value < 0x10000 ? 3 : value < 0x1_0000_0000L ? 5 : 9;
    }

    private static int writeHead(byte[] to, int at, int major, long value) {
        int width = unsignedSize(value) - 1;
        if (width == 0) {
            to[at] = (byte) (major | (int) value);
            return at + 1;
        }
        to[at++] = (byte) (major | (width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27));
        for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) {
            to[at++] = (byte) (value >>> shift);
        }
        return at;
    }

    /** An unsigned LEB128 integer, as in CAR files. */
    CborWriter varint(long value) {
        while (value >= 0x80) {
            raw((int) (value & 0x7F | 0x80));
            value >>>= 7;
        }
        return raw((int) value);
    }

    CborWriter raw(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    CborWriter raw(byte[] from, int at, int length) {
        ensure(length);
        System.arraycopy(from, at, bytes, size, length);
        size += length;
        return this;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /**
     * Canonical DAG-CBOR of a record's model: {@code Map} with text keys, {@code List}, {@code String}, {@code Long},
     * {@code Integer}, {@code Boolean}, {@code byte[]}, {@link Cid} and null; there are no floats in atproto.
     *
     * @throws IllegalArgumentException for a value of another type
     */
    static byte[] encode(Object model) {
        return new CborWriter(256).value(model).toByteArray();
    }

    private CborWriter value(Object value) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Map<?, ?> map) {
            return sortedMap(map);
        }
        if (value instanceof Long || value instanceof Integer) {
            return integer(((Number) value).longValue());
        }
        if (value instanceof Cid cid) {
            return link(cid);
        }
        if (value instanceof List<?> list) {
            array(list.size());
            list.forEach(this::value);
            return this;
        }
        if (value instanceof Boolean bool) {
            return bool(bool);
        }
        if (value instanceof byte[] bytes) {
            return bytes(bytes);
        }
        if (value == null) {
            return nil();
        }
        throw new IllegalArgumentException("no DAG-CBOR for " + value.getClass());
    }

    /** A map with its keys in canonical order: by length, then by bytes. */
    private CborWriter sortedMap(Map<?, ?> map) {
        List<Entry> entries = map.entrySet().stream()
                .map(e -> new Entry(((String) e.getKey()).getBytes(StandardCharsets.UTF_8), e.getValue()))
                .sorted()
                .toList();
        map(entries.size());
        entries.forEach(entry -> text(entry.key).value(entry.value));
        return this;
    }

    private record Entry(byte[] key, Object value) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byLength = Integer.compare(key.length, other.key.length);
            return byLength != 0 ? byLength : Arrays.compareUnsigned(key, other.key);
        }
    }
}
