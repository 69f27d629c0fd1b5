package dev.jetstream.net;

import java.io.IOException;
import java.util.Arrays;

/** Bytes of a client that came before anybody wanted them: at most one read of the loop. */
final class EarlyBytes {
    private byte[] held;
    private int from;
    private int to;

    /** Keeps bytes; there are none yet, or these are the rest of those just replayed, which are not copied again. */
    void hold(byte[] bytes, int start, int end) {
        if (bytes == held) {
            from = start;
            to = end;
        } else {
            held = Arrays.copyOfRange(bytes, start, end);
            from = 0;
            to = held.length;
        }
    }

    /** Gives a phase what is held, if anything is. */
    void replay(Phase phase) throws IOException {
        if (from < to) {
            int start = from;
            int end = to;
            from = 0;
            to = 0;
            phase.received(held, start, end);
            if (from == to) {
                held = null;
            }
        }
    }

    void drop() {
        held = null;
        from = 0;
        to = 0;
    }
}
