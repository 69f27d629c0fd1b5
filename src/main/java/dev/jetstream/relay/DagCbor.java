package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Canonical DAG-CBOR of a record's model: map keys by length, then by bytes.
 *
 * <p>A model is made of {@code Map} with text keys, {@code List}, {@code String}, {@code Long}, {@code Integer},
 * {@code Boolean}, {@code byte[]}, {@link Cid} and null; there are no floats in atproto.
 */
final class DagCbor {
    private DagCbor() {}

    static byte[] encode(Object model) {
        CborWriter out = new CborWriter(256);
        write(out, model);
        return out.toByteArray();
    }

    /** @throws IllegalArgumentException for a value of another type */
    static void write(CborWriter out, Object value) {
        if (value instanceof String text) {
            out.text(text);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(out, map);
        } else if (value instanceof Long || value instanceof Integer) {
            out.integer(((Number) value).longValue());
        } else if (value instanceof Cid cid) {
            out.link(cid);
        } else if (value instanceof List<?> list) {
            out.array(list.size());
            list.forEach(item -> write(out, item));
        } else if (value instanceof Boolean bool) {
            out.bool(bool);
        } else if (value instanceof byte[] bytes) {
            out.bytes(bytes);
        } else if (value == null) {
            out.nil();
        } else {
            throw new IllegalArgumentException("no DAG-CBOR for " + value.getClass());
        }
    }

    private static void writeMap(CborWriter out, Map<?, ?> map) {
        Entry[] entries = new Entry[map.size()];
        int count = 0;
        for (Map.Entry<?, ?> e : map.entrySet()) {
            entries[count++] = new Entry(((String) e.getKey()).getBytes(StandardCharsets.UTF_8), e.getValue());
        }
        Arrays.sort(entries);
        out.map(count);
        for (Entry entry : entries) {
            out.text(entry.key);
            write(out, entry.value);
        }
    }

    private record Entry(byte[] key, Object value) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byLength = Integer.compare(key.length, other.key.length);
            return byLength != 0 ? byLength : Arrays.compareUnsigned(key, other.key);
        }
    }
}
