package dev.jetstream.net;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A request's head.
 *
 * @param method as sent, such as {@code GET}; empty where the request line is not three words
 * @param target the path and the raw query, one char per byte (ISO 8859-1); the authority of a target in absolute form
 *     (RFC 9112, section 3.2.2) is left out; empty as above
 * @param bytes the head for an HTTP parser: the target is cut to its path, since strict parsers refuse queries that clients send
 * @param hasBody whether a body follows
 */
public record RequestHead(String method, String target, byte[] bytes, boolean hasBody) {
    private static final String CONTENT_LENGTH = "content-length:";
    private static final Pattern FIELDS =
            Pattern.compile("(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++:[\t\\x20-\\x7e\\x80-\\xff]*+\r?\n)*+\r?\n");
    private static final String TRANSFER_ENCODING = "transfer-encoding:";

    /** The head in {@code [from, to)}, which ends with an empty line. */
    static RequestHead of(byte[] head, int from, int to) {
        int lineEnd = endOfLine(head, from, to);
        int first = indexOf(head, (byte) ' ', from, lineEnd);
        int last = first < 0 ? -1 : indexOf(head, (byte) ' ', first + 1, lineEnd);
        boolean hasBody = hasBody(head, lineEnd + 1, to);
        if (last < 0 || last == first + 1 || indexOf(head, (byte) ' ', last + 1, lineEnd) >= 0) {
            return new RequestHead("", "", Arrays.copyOfRange(head, from, to), hasBody);
        }
        int path = afterAuthority(head, first + 1, last);
        int query = indexOf(head, (byte) '?', path, last);
        int pathEnd = query < 0 ? last : query;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(to - from + 1);
        bytes.write(head, from, first + 1 - from);
        boolean isBare = path > first + 1 && (path == last || head[path] != '/');
        if (isBare) {
            bytes.write('/');
        }
        bytes.write(head, path, pathEnd - path);
        bytes.write(head, last, to - last);
        return new RequestHead(
                new String(head, from, first - from, StandardCharsets.ISO_8859_1),
                (isBare ? "/" : "") + new String(head, path, last - path, StandardCharsets.ISO_8859_1),
                bytes.toByteArray(),
                hasBody);
    }

    /** The offset after scheme and authority of a target in absolute form; {@code from} in any other form. */
    private static int afterAuthority(byte[] head, int from, int to) {
        int scheme = startsWith(head, from, to, "http://") ? 7 : startsWith(head, from, to, "https://") ? 8 : 0;
        int at = from + scheme;
        while (scheme > 0 && at < to && head[at] != '/' && head[at] != '?') {
            at++;
        }
        return at;
    }

    /** The version that the request line names, such as {@code HTTP/1.1}. */
    public String version() {
        int end = endOfLine(bytes, 0, bytes.length);
        String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1).stripTrailing();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /** The target without its query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * Whether this is an HTTP/1.1 head that a strict parser accepts: every line of it is a header field without a line break of
     * its own, and one is {@code Host} (RFC 9112, sections 3.2 and 5).
     */
    public boolean isStrict() {
        String lines = new String(bytes, StandardCharsets.ISO_8859_1);
        return version().equals("HTTP/1.1")
                && all("host").size() == 1
                && FIELDS.matcher(lines.substring(lines.indexOf('\n') + 1)).matches();
    }

    /** The values of all header fields of this name, in order, one char per byte. */
    public List<String> all(String lowerCaseName) {
        String start = lowerCaseName + ":";
        List<String> values = new ArrayList<>();
        for (int at = endOfLine(bytes, 0, bytes.length) + 1; at < bytes.length; ) {
            int end = endOfLine(bytes, at, bytes.length);
            if (startsWith(bytes, at, end, start)) {
                int from = at + start.length();
                values.add(new String(bytes, from, end - from, StandardCharsets.ISO_8859_1).strip());
            }
            at = end + 1;
        }
        return values;
    }

    /** The value of the first header field of this name; empty where there is none. */
    public String first(String lowerCaseName) {
        List<String> values = all(lowerCaseName);
        return values.isEmpty() ? "" : values.get(0);
    }

    /** Whether a comma-separated header field holds a token, whatever its case. */
    public boolean hasToken(String lowerCaseName, String token) {
        for (String value : all(lowerCaseName)) {
            for (String element : value.split(",")) {
                if (element.strip().equalsIgnoreCase(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean hasBody(byte[] head, int from, int to) {
        for (int at = from; at < to; ) {
            int end = endOfLine(head, at, to);
            if (startsWith(head, at, end, TRANSFER_ENCODING)) {
                return true;
            }
            if (startsWith(head, at, end, CONTENT_LENGTH) && !isZero(head, at + CONTENT_LENGTH.length(), end)) {
                return true;
            }
            at = end + 1;
        }
        return false;
    }

    /** Whether a line's value is nothing but zeros and blanks. */
    private static boolean isZero(byte[] head, int from, int to) {
        for (int i = from; i < to; i++) {
            if (head[i] != '0' && head[i] != ' ' && head[i] != '\t' && head[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWith(byte[] head, int from, int to, String lowerCaseName) {
        if (to - from < lowerCaseName.length()) {
            return false;
        }
        for (int i = 0; i < lowerCaseName.length(); i++) {
            int b = head[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCaseName.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int endOfLine(byte[] head, int from, int to) {
        int end = indexOf(head, (byte) '\n', from, to);
        return end < 0 ? to : end;
    }

    private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Finds the end of a request's head: the empty line. It looks at each byte once, however the head is cut, and rejects
     * what cannot be HTTP at its first bad byte.
     */
    static final class Scanner {
        /** The head is not whole yet. */
        static final int MORE = -1;
        /** The request line holds a control character: this is no HTTP. */
        static final int GARBAGE = -2;

        private boolean inRequestLine = true;
        private boolean lineIsEmpty = true;
        private boolean afterReturn;
        private long scanned;

        /**
         * Looks at the next bytes of the head.
         *
         * @return the offset after the head, {@link #MORE} or {@link #GARBAGE}
         */
        int scan(byte[] bytes, int from, int to) {
            for (int i = from; i < to; i++) {
                scanned++;
                byte b = bytes[i];
                if (b == '\n') {
                    if (lineIsEmpty && !inRequestLine) {
                        return i + 1;
                    }
                    inRequestLine = false;
                    lineIsEmpty = true;
                    afterReturn = false;
                } else if (b == '\r' && lineIsEmpty && !afterReturn) {
                    afterReturn = true;
                } else {
                    lineIsEmpty = false;
                    if (inRequestLine && (b >= 0 && b < ' ' && b != '\t' && b != '\r' || b == 0x7F)) {
                        return GARBAGE;
                    }
                }
            }
            return MORE;
        }

        /** Bytes looked at so far. */
        long scanned() {
            return scanned;
        }
    }
}
