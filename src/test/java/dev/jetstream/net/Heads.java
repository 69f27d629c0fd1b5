package dev.jetstream.net;

import java.util.Optional;
import java.util.Random;

/** Reads request heads as the listener does: for tests of others. */
public final class Heads {
    private Heads() {}

    /** The head that these bytes begin with; empty when it is not whole, or no HTTP. */
    public static Optional<RequestHead> read(byte[] bytes) {
        int end = end(bytes, null);
        return end < 0 ? Optional.empty() : Optional.of(RequestHead.of(bytes, 0, end));
    }

    /** The head's end, or what the scanner says instead, when the bytes come in pieces of random size; null: at once. */
    static int end(byte[] bytes, Random sizes) {
        RequestHead.Scanner scanner = new RequestHead.Scanner();
        int at = 0;
        int end = RequestHead.Scanner.MORE;
        while (at < bytes.length && end == RequestHead.Scanner.MORE) {
            int to = sizes == null ? bytes.length : Math.min(bytes.length, at + 1 + sizes.nextInt(20));
            end = scanner.scan(bytes, at, to);
            at = to;
        }
        return end;
    }
}
