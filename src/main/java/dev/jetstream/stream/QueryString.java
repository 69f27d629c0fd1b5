package dev.jetstream.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The query of a raw request target, read as Go's {@code url.ParseQuery} reads it: a malformed pair is dropped, never refused; a
 * name may be repeated; {@code +} is a space.
 */
final class QueryString {
    private final Map<String, List<String>> values = new HashMap<>();

    private QueryString() {}

    /**
     * Reads a query.
     *
     * @param target a raw request target, one char per byte
     * @param names the only names that are kept
     */
    static QueryString of(String target, Set<String> names) {
        QueryString query = new QueryString();
        int start = target.indexOf('?') + 1;
        while (start > 0 && start < target.length()) {
            int stop = find(target, '&', start, target.length());
            query.add(target, start, stop, names);
            start = stop + 1;
        }
        return query;
    }

    /** The first value of a name; empty where there is none. */
    String first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.get(0);
    }

    /** All values of a name, in order. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    private void add(String target, int from, int to, Set<String> names) {
        int nameEnd = find(target, '=', from, to);
        String name = unescape(target, from, nameEnd);
        if (name == null || !names.contains(name) || find(target, ';', from, to) < to) {
            return;
        }
        String value = unescape(target, Math.min(nameEnd + 1, to), to);
        if (value != null) {
            values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        }
    }

    /** The offset of a char before {@code to}; {@code to} where there is none. */
    private static int find(String text, char wanted, int from, int to) {
        int at = from;
        while (at < to && text.charAt(at) != wanted) {
            at++;
        }
        return at;
    }

    /** Undoes percent encoding; null where a percent sign is not followed by two hex digits. */
    private static String unescape(String text, int from, int to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int high = i + 2 < to ? hex(text.charAt(i + 1)) : -1;
                int low = i + 2 < to ? hex(text.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
