package dev.jetstream.common;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The syntax of NSIDs, the names of collections (AT Protocol, "NSID"): at least three segments separated by dots, of letters,
 * digits and inner hyphens. The first segment starts with a letter; so does the last one, which has no hyphen.
 */
public final class Nsid {
    private static final int MAX_BYTES = 317;
    private static final int MAX_SEGMENT = 63;
    private static final int MIN_SEGMENTS = 3;

    private static final Pattern PREFIX = Pattern.compile(
            "[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\\.\\*");

    private Nsid() {}

    /** Whether the text is an NSID. */
    public static boolean isValid(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return isValid(bytes, 0, bytes.length);
    }

    /** Whether the text is an NSID, or dot-separated segments of one before {@code .*}. */
    public static boolean isValidOrPrefix(String text) {
        return isValid(text)
                || text.length() <= MAX_BYTES + 2 && PREFIX.matcher(text).matches();
    }

    /** Whether the bytes {@code [from, to)} are an NSID. */
    public static boolean isValid(byte[] in, int from, int to) {
        if (to - from > MAX_BYTES) {
            return false;
        }
        int segments = 0;
        for (int start = from, end; start <= to; start = end + 1) {
            end = endOfSegment(in, start, to);
            boolean last = end == to;
            if (!isSegment(in, start, end, !last) || (segments == 0 || last) && !isLetter(in[start])) {
                return false;
            }
            segments++;
        }
        return segments >= MIN_SEGMENTS;
    }

    private static int endOfSegment(byte[] in, int from, int to) {
        int end = from;
        while (end < to && in[end] != '.') {
            end++;
        }
        return end;
    }

    private static boolean isSegment(byte[] in, int from, int to, boolean mayHaveHyphens) {
        if (from == to || to - from > MAX_SEGMENT || in[from] == '-' || in[to - 1] == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (!isLetter(b) && (b < '0' || b > '9') && (b != '-' || !mayHaveHyphens)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
