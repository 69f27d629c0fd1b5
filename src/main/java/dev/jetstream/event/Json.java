package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** Walks JSON as the decoder writes it: valid, without spaces between its tokens, and with no character of an NSID, DID or at-URI escaped. */
final class Json {
    static final String URI_SCHEME = "at://";

    private static final byte[] URI = URI_SCHEME.getBytes(US_ASCII);
    private static final byte[] DID = "did:".getBytes(US_ASCII);
    private static final byte[] LANGS = "langs".getBytes(US_ASCII);

    private Json() {}

    /** Takes the text {@code json[from, to)}. */
    interface Visitor {
        void visit(byte[] json, int from, int to);
    }

    /** The offset of the quote that ends a string. */
    static int stringEnd(byte[] json, int inString) {
        int at = inString;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    /**
     * Visits the strings in a map or array, at any depth. Keys of maps are names, not strings.
     *
     * @param start offset of the bracket that opens it
     */
    static void strings(byte[] json, int start, Visitor visitor) {
        int depth = 0;
        int at = start;
        do {
            switch (json[at]) {
                case '"' -> {
                    int end = stringEnd(json, at + 1);
                    if (json[end + 1] != ':') {
                        visitor.visit(json, at + 1, end);
                    }
                    at = end;
                }
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // A number, a word, or punctuation.
                }
            }
            at++;
        } while (depth > 0);
    }

    /** Visits the strings of an array, not those below it. */
    static void elements(byte[] json, int start, Visitor visitor) {
        int at = start + 1;
        while (json[at] != ']') {
            switch (json[at]) {
                case '"' -> {
                    int end = stringEnd(json, at + 1);
                    visitor.visit(json, at + 1, end);
                    at = end + 1;
                }
                case '{', '[' -> at = skip(json, at);
                default -> at++;
            }
        }
    }

    /** The offset of the array that a map has under {@code langs}; -1 if it has none. */
    static int langs(byte[] json, int start) {
        int at = start + 1;
        while (json[at] != '}') {
            switch (json[at]) {
                case '"' -> {
                    int end = stringEnd(json, at + 1);
                    if (json[end + 1] == ':'
                            && json[end + 2] == '['
                            && Arrays.equals(json, at + 1, end, LANGS, 0, LANGS.length)) {
                        return end + 2;
                    }
                    at = end + 1;
                }
                case '{', '[' -> at = skip(json, at);
                default -> at++;
            }
        }
        return -1;
    }

    /** The offset after a map or array. */
    private static int skip(byte[] json, int start) {
        int depth = 0;
        int at = start;
        do {
            switch (json[at]) {
                case '"' -> at = stringEnd(json, at + 1);
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // A number, a word, or punctuation.
                }
            }
            at++;
        } while (depth > 0);
        return at;
    }

    /** Whether a text can be a DID, by how it begins. */
    static boolean isDid(byte[] json, int from, int to) {
        return startsWith(json, from, to, DID);
    }

    /** Whether a text can be an at-URI, by how it begins. */
    static boolean isUri(byte[] json, int from, int to) {
        return startsWith(json, from, to, URI);
    }

    private static boolean startsWith(byte[] json, int from, int to, byte[] start) {
        return to - from >= start.length && Arrays.equals(json, from, from + start.length, start, 0, start.length);
    }
}
