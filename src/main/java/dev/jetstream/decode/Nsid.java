package dev.jetstream.decode;

/**
 * Checks NSIDs, the names of collections: three or more segments with dots between, of letters, digits and hyphens, the last one
 * of letters and digits only (AT Protocol, "NSID").
 */
final class Nsid {
    static final int MAX_BYTES = 317;
    private static final int MAX_SEGMENT = 63;

    private Nsid() {}

    static boolean isValid(byte[] in, int at, int length) {
        if (length > MAX_BYTES) {
            return false;
        }
        int end = at + length;
        int segments = 0;
        int start = at;
        for (int i = at; i <= end; i++) {
            if (i < end && in[i] != '.') {
                continue;
            }
            boolean last = i == end;
            if (!isSegment(in, start, i) || (segments == 0 || last) && !isLetter(in[start])) {
                return false;
            }
            if (last && hasHyphen(in, start, i)) {
                return false;
            }
            segments++;
            start = i + 1;
        }
        return segments >= 3;
    }

    private static boolean isSegment(byte[] in, int from, int to) {
        if (from == to || to - from > MAX_SEGMENT || in[from] == '-' || in[to - 1] == '-') {
            return false;
        }
        for (int i = from; i < to; i++) {
            byte b = in[i];
            if (!isLetter(b) && (b < '0' || b > '9') && b != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean hasHyphen(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] == '-') {
                return true;
            }
        }
        return false;
    }

    private static boolean isLetter(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z';
    }
}
