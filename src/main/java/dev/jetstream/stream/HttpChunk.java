package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * A chunk of an HTTP/1.1 body whose length is not known beforehand (RFC 9112, section 7.1): its length in hex, CR LF, its bytes,
 * CR LF.
 */
final class HttpChunk {
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] LAST = "0\r\n\r\n".getBytes(US_ASCII);
    private static final int LINE_ENDS = 4;

    private HttpChunk() {}

    /** Bytes of a chunk that carries {@code length}, at least one: a chunk of none would be the last. */
    static int size(int length) {
        return digits(length) + LINE_ENDS + length;
    }

    /**
     * Writes what stands before a chunk's bytes.
     *
     * @return the offset behind it
     */
    static int writeHead(byte[] to, int at, int length) {
        int behind = at;
        for (int shift = 4 * (digits(length) - 1); shift >= 0; shift -= 4) {
            to[behind++] = HEX[length >>> shift & 0xF];
        }
        return writeEnd(to, behind);
    }

    /**
     * Writes what stands behind a chunk's bytes.
     *
     * @return the offset behind it
     */
    static int writeEnd(byte[] to, int at) {
        to[at] = '\r';
        to[at + 1] = '\n';
        return at + 2;
    }

    /** A whole chunk. */
    static byte[] of(String ascii) {
        byte[] chunk = new byte[size(ascii.length())];
        int at = writeHead(chunk, 0, ascii.length());
        System.arraycopy(ascii.getBytes(US_ASCII), 0, chunk, at, ascii.length());
        writeEnd(chunk, at + ascii.length());
        return chunk;
    }

    /** The chunk that ends a body. */
    static byte[] last() {
        return LAST.clone();
    }

    private static int digits(int length) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(length | 1) + 3) / 4;
    }
}
