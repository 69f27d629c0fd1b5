package dev.jetstream.websocket;

/**
 * Checks UTF-8 as it comes, in pieces that may be cut anywhere (RFC 3629): no overlong forms, surrogates or code points above
 * U+10FFFF.
 */
public final class Utf8 {
    private int missing;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** Starts on a new text. */
    public void reset() {
        missing = 0;
        lowest = 0x80;
        highest = 0xBF;
    }

    /** Whether the text is well formed so far, this piece included; a code point may still lack its end. */
    public boolean accepts(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            int b = bytes[i];
            if (b >= 0 && missing == 0) {
                continue;
            }
            if (!accepts(b & 0xFF)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the text may end here. */
    public boolean isComplete() {
        return missing == 0;
    }

    private boolean accepts(int b) {
        if (missing > 0) {
            boolean good = b >= lowest && b <= highest;
            missing--;
            lowest = 0x80;
            highest = 0xBF;
            return good;
        }
        if (b >= 0xC2 && b <= 0xDF) {
            missing = 1;
        } else if (b >= 0xE0 && b <= 0xEF) {
            missing = 2;
            lowest = b == 0xE0 ? 0xA0 : 0x80;
            highest = b == 0xED ? 0x9F : 0xBF;
        } else if (b >= 0xF0 && b <= 0xF4) {
            missing = 3;
            lowest = b == 0xF0 ? 0x90 : 0x80;
            highest = b == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        return true;
    }
}
