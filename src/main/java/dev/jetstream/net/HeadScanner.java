package dev.jetstream.net;

/**
 * Finds the end of a request's head: the empty line. It looks at each byte once, however the head is cut, and refuses what
 * cannot be HTTP as soon as it shows.
 */
final class HeadScanner {
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
     * @return the offset behind the head, {@link #MORE} or {@link #GARBAGE}
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
