package dev.jetstream.net;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A request's head, whole, as far as the transport must know it.
 *
 * @param method as sent, such as {@code GET}; empty when the request line has no two spaces
 * @param target the raw request target, one char per byte (ISO 8859-1); empty as above
 * @param bytes the head for an HTTP server to parse: the target's query is cut off, since strict parsers refuse what clients send
 * @param hasBody whether a body follows
 */
public record RequestHead(String method, String target, byte[] bytes, boolean hasBody) {
    private static final String CONTENT_LENGTH = "content-length:";
    private static final String TRANSFER_ENCODING = "transfer-encoding:";

    /** The head in {@code [from, to)}, which ends with an empty line. */
    static RequestHead of(byte[] head, int from, int to) {
        int lineEnd = endOfLine(head, from, to);
        int first = indexOf(head, (byte) ' ', from, lineEnd);
        int last = lastIndexOf(head, (byte) ' ', from, lineEnd);
        boolean hasBody = hasBody(head, lineEnd + 1, to);
        if (first < 0 || first == last) {
            return new RequestHead("", "", Arrays.copyOfRange(head, from, to), hasBody);
        }
        int query = indexOf(head, (byte) '?', first, last);
        int cut = query < 0 ? last : query;
        byte[] bytes = new byte[to - from - (last - cut)];
        System.arraycopy(head, from, bytes, 0, cut - from);
        System.arraycopy(head, last, bytes, cut - from, to - last);
        return new RequestHead(
                new String(head, from, first - from, StandardCharsets.ISO_8859_1),
                new String(head, first + 1, last - first - 1, StandardCharsets.ISO_8859_1),
                bytes,
                hasBody);
    }

    /** The values of all header fields of this name, in order, one char per byte. */
    public List<String> values(String lowerCaseName) {
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

    private static int lastIndexOf(byte[] bytes, byte wanted, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
