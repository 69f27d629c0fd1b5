package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A record's model (see {@link CborWriter#encode}) as the JSON that a Jetstream subscriber gets, byte for byte.
 *
 * <p>It is made from the model, not from the frame, in the simplest way, as an oracle for the server's decoder.
 * Keys are sorted by the bytes of their quoted form; blobs and legacy blobs have their own order; strings are escaped as
 * Go's encoder does.
 */
final class AtprotoJson {
    private static final List<String> BLOB = List.of("$type", "ref", "mimeType", "size");
    private static final List<String> LEGACY_BLOB = List.of("cid", "mimeType");

    private AtprotoJson() {}

    static String of(Object model) {
        StringBuilder out = new StringBuilder(512);
        write(out, model);
        return out.toString();
    }

    private static void write(StringBuilder out, Object value) {
        if (value instanceof String text) {
            quote(out, text);
        } else if (value instanceof Map<?, ?> map) {
            writeMap(out, map);
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) {
                write(i == 0 ? out : out.append(','), list.get(i));
            }
            out.append(']');
        } else if (value instanceof Cid cid) {
            out.append("{\"$link\":\"").append(cid).append("\"}");
        } else if (value instanceof byte[] bytes) {
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(bytes);
            out.append("{\"$bytes\":\"").append(base64).append("\"}");
        } else {
            out.append(value);
        }
    }

    private static void writeMap(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        boolean first = true;
        for (String key : order(map)) {
            quote(first ? out : out.append(','), key);
            write(out.append(':'), map.get(key));
            first = false;
        }
        out.append('}');
    }

    private static List<String> order(Map<?, ?> map) {
        if ("blob".equals(map.get("$type"))) {
            return BLOB;
        }
        if (map.size() == 2 && map.keySet().containsAll(LEGACY_BLOB)) {
            return LEGACY_BLOB;
        }
        return map.keySet().stream()
                .map(String.class::cast)
                .sorted((a, b) -> Arrays.compareUnsigned(quoted(a), quoted(b)))
                .toList();
    }

    private static byte[] quoted(String key) {
        StringBuilder out = new StringBuilder();
        quote(out, key);
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Appends a JSON string. */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
