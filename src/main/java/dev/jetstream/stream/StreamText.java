package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;

/**
 * The text of an {@link HttpStream}: each event is a chunk of its own, so that any run of events is a run of whole chunks.
 *
 * <pre>
 *   9f CR LF  id: TIME_US LF data: {"did":"D","time_us":TIME_US,…} LF LF  CR LF
 *   83 CR LF  {"did":"D","time_us":TIME_US,…} LF                          CR LF
 * </pre>
 *
 * <p>JSON has no line ends of its own: the decoder escapes them.
 */
record StreamText(int index, Representation plain, HttpStream stream, Framing framing) implements Representation {
    private static final int BEFORE_DID = EventBlock.BEFORE_DID.length();
    private static final int BEFORE_TIME = EventBlock.BEFORE_TIME.length();

    StreamText(int index, Representation plain, HttpStream stream) {
        this(index, plain, stream, Framing.chunked(stream));
    }

    @Override
    public Format format() {
        return plain.format();
    }

    @Override
    public Frames encode(EventBlock block) {
        Frames from = block.frames(plain);
        byte[] beforeId = stream.beforeId().getBytes(US_ASCII);
        byte[] beforeJson = stream.beforeJson().getBytes(US_ASCII);
        byte[] behind = stream.behind().getBytes(US_ASCII);
        int idLength = stream.hasId() ? EventBlock.TIME_DIGITS : 0;
        int around = beforeId.length + idLength + beforeJson.length + behind.length;
        byte[] to = new byte[size(from, around)];
        int[] ends = new int[from.ends().length];
        int at = 0;
        for (int i = 0; i < ends.length; i++) {
            int length = from.payloadLength(i);
            int json = from.end(i) - length;
            at = HttpChunk.writeHead(to, at, around + length);
            at = copy(beforeId, 0, beforeId.length, to, at);
            int time = json + BEFORE_DID + block.didLength(i) + BEFORE_TIME;
            at = copy(from.bytes(), time, idLength, to, at);
            at = copy(beforeJson, 0, beforeJson.length, to, at);
            at = copy(from.bytes(), json, length, to, at);
            at = copy(behind, 0, behind.length, to, at);
            at = HttpChunk.writeEnd(to, at);
            ends[i] = at;
        }
        return new Frames(to, ends);
    }

    private static int size(Frames from, int around) {
        int size = 0;
        for (int i = 0; i < from.ends().length; i++) {
            size += HttpChunk.size(around + from.payloadLength(i));
        }
        return size;
    }

    private static int copy(byte[] from, int start, int length, byte[] to, int at) {
        System.arraycopy(from, start, to, at, length);
        return at + length;
    }
}
