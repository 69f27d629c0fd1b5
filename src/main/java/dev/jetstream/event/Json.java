package dev.jetstream.event;

/** Walks JSON as the decoder writes it: valid, and without spaces between its tokens. */
final class Json {
    private Json() {}

    /** The offset of the quote that ends a string. */
    static int stringEnd(byte[] json, int inString) {
        int at = inString;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at;
    }
}
