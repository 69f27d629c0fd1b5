package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import java.util.Optional;

/**
 * Events in the chunked body of an HTTP/1.1 response (RFC 9112, section 7.1). Each event is a chunk of its own, so any run of events
 * is a run of whole chunks.
 *
 * <pre>
 *   9f CR LF  id: TIME_US LF data: {"did":"D","time_us":TIME_US,…} LF LF  CR LF
 *   83 CR LF  {"did":"D","time_us":TIME_US,…} LF                          CR LF
 * </pre>
 *
 * <p>The JSON contains no line ends: the decoder escapes them.
 */
final class BodyEncoding implements Encoding {
    private static final int BEFORE_DID = EventBlock.BEFORE_DID.length();
    private static final int BEFORE_TIME = EventBlock.BEFORE_TIME.length();
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
    private static final int LINE_ENDS = 4;

    private final int index;
    private final Encoding plain;
    private final HttpStream stream;
    private final byte[] keepAlive;

    /** @param plain the same JSON as websocket text */
    BodyEncoding(int index, Encoding plain, HttpStream stream) {
        this.index = index;
        this.plain = plain;
        this.stream = stream;
        keepAlive = chunk(stream.keepAlive);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Encoding plain() {
        return plain;
    }

    @Override
    public Optional<HttpStream> body() {
        return Optional.of(stream);
    }

    @Override
    public byte[] keepAlive() {
        return keepAlive;
    }

    @Override
    public byte[] pong(byte[] payload) {
        throw new UnsupportedOperationException("an HTTP client sends no pings");
    }

    @Override
    public byte[] end(int code, String reason) {
        return LAST_CHUNK;
    }

    @Override
    public Frames encode(EventBlock block) {
        Frames from = block.frames(plain);
        byte[] beforeId = stream.beforeId.getBytes(US_ASCII);
        byte[] beforeJson = stream.beforeJson.getBytes(US_ASCII);
        byte[] afterJson = stream.afterJson.getBytes(US_ASCII);
        int idLength = beforeId.length == 0 ? 0 : EventBlock.TIME_DIGITS;
        int around = beforeId.length + idLength + beforeJson.length + afterJson.length;
        byte[] to = new byte[size(from, around)];
        int[] ends = new int[from.ends().length];
        int at = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = from.payloadLength(i);
            int json = from.end(i) - length;
            at = writeChunkHead(to, at, around + length);
            at = copy(beforeId, 0, beforeId.length, to, at);
            int time = json + BEFORE_DID + block.didLength(i) + BEFORE_TIME;
            at = copy(from.bytes(), time, idLength, to, at);
            at = copy(beforeJson, 0, beforeJson.length, to, at);
            at = copy(from.bytes(), json, length, to, at);
            at = copy(afterJson, 0, afterJson.length, to, at);
            at = writeLineEnd(to, at);
            ends[i] = at;
        }
        return new Frames(to, ends);
    }

    private static int size(Frames from, int around) {
        int size = 0;
        for (int i = 0; i < from.ends().length; i++) {
            size += chunkSize(around + from.payloadLength(i));
        }
        return size;
    }

    private static int copy(byte[] from, int start, int length, byte[] to, int at) {
        System.arraycopy(from, start, to, at, length);
        return at + length;
    }

    /** A whole chunk. */
    static byte[] chunk(String ascii) {
        byte[] chunk = new byte[chunkSize(ascii.length())];
        int at = writeChunkHead(chunk, 0, ascii.length());
        at = copy(ascii.getBytes(US_ASCII), 0, ascii.length(), chunk, at);
        writeLineEnd(chunk, at);
        return chunk;
    }

    /** Bytes of a chunk that carries {@code length} bytes, at least one: an empty chunk ends the body. */
    static int chunkSize(int length) {
        return hexDigits(length) + LINE_ENDS + length;
    }

    /** Writes a chunk's length line, and returns the offset after it. */
    private static int writeChunkHead(byte[] to, int at, int length) {
        int end = at;
        for (int shift = 4 * (hexDigits(length) - 1); shift >= 0; shift -= 4) {
            to[end++] = HEX[length >>> shift & 0xF];
        }
        return writeLineEnd(to, end);
    }

    private static int writeLineEnd(byte[] to, int at) {
        to[at] = '\r';
        to[at + 1] = '\n';
        return at + 2;
    }

    private static int hexDigits(int length) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(length | 1) + 3) / 4;
    }
}
