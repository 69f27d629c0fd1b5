package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes blocks for tests, out of events that are written as a test would think of them. */
public final class Blocks {
    private Blocks() {}

    /**
     * An event without its time.
     *
     * @param collection a commit's collection, or the v1 name of another kind
     * @param text goes into the record, so that sizes vary; one that begins with a brace is the record
     */
    public record Event(String did, String collection, String operation, String text) {
        public static Event commit(String did, String collection, String text) {
            return new Event(did, collection, "create", text);
        }

        public boolean isCommit() {
            return kind() == EventKind.COMMIT;
        }

        private EventKind kind() {
            return Arrays.stream(EventKind.values())
                    .filter(kind -> kind.v1Name().equals(collection))
                    .findAny()
                    .orElse(EventKind.COMMIT);
        }

        /** The v1 JSON. */
        public String json(long timeUs) {
            String head = "{\"did\":\"" + did + "\",\"time_us\":" + timeUs + ",";
            return head
                    + switch (kind()) {
                        case IDENTITY ->
                            "\"kind\":\"identity\",\"identity\":{\"did\":\"" + did + "\",\"handle\":\"" + text
                                    + "\",\"seq\":7,\"time\":\"2026-07-04T00:00:00Z\"}}";
                        case ACCOUNT ->
                            "\"kind\":\"account\",\"account\":{\"active\":true,\"did\":\"" + did
                                    + "\",\"seq\":8,\"time\":\"2026-07-04T00:00:00Z\"}}";
                        case COMMIT ->
                            "\"kind\":\"commit\",\"commit\":{\"rev\":\"3l\",\"operation\":\"" + operation
                                    + "\",\"collection\":\"" + collection + "\",\"rkey\":\"r\""
                                    + (operation.equals("delete")
                                            ? "}}"
                                            : ",\"record\":" + record() + ",\"cid\":\"bafy\"}}");
                    };
        }

        private String record() {
            return text.startsWith("{") ? text : "{\"text\":\"" + text + "\"}";
        }

        /** The v0 JSON, by its own way. */
        public String jsonV0(long timeUs) {
            return switch (kind()) {
                case IDENTITY -> json(timeUs).replaceFirst("\"kind\":\"identity\"", "\"type\":\"id\"");
                case ACCOUNT -> json(timeUs).replaceFirst("\"kind\":\"account\"", "\"type\":\"acc\"");
                case COMMIT ->
                    json(timeUs)
                            .replaceFirst("\"kind\":\"commit\"", "\"type\":\"com\"")
                            .replaceFirst(
                                    "\"operation\":\"" + operation + "\"", "\"type\":\"" + operation.charAt(0) + "\"");
            };
        }
    }

    /** A block whose events are a microsecond apart. */
    public static EventBlock of(long sequenceNr, long firstOrdinal, long firstTimeUs, List<Event> events) {
        // As where blocks share an array: another's messages stand before.
        int before = 100;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[before]);
        int count = events.size();
        int[] ends = new int[count];
        long[] times = new long[count];
        byte[] kinds = new byte[count];
        int[] collections = new int[count];
        short[] didLengths = new short[count];
        List<String> table = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Event event = events.get(i);
            times[i] = firstTimeUs + i;
            bytes.writeBytes(
                    FrameHeader.frame(FrameHeader.TEXT, event.json(times[i]).getBytes(UTF_8)));
            ends[i] = bytes.size();
            didLengths[i] = (short) event.did().getBytes(UTF_8).length;
            kinds[i] = (byte) event.kind().number();
            collections[i] = collection(event, table);
        }
        return new EventBlock(
                new EventBlock.Head(sequenceNr, firstOrdinal, RelaySeqs.of("ws://relay", 1000 + sequenceNr)),
                new Frames(bytes.toByteArray(), before, ends),
                times,
                kinds,
                collections,
                didLengths,
                table);
    }

    private static int collection(Event event, List<String> table) {
        if (!event.isCommit()) {
            return 0;
        }
        if (!table.contains(event.collection())) {
            table.add(event.collection());
        }
        return table.indexOf(event.collection());
    }

    /** A run of decoded frames with one event each, except that a frame of an empty list has none. */
    public static DecodedFrames decoded(Connection connection, long firstSeq, List<List<Event>> frames) {
        return decoded(connection, firstSeq, frames, null);
    }

    /** The same in an array of a pool, which is not used up. */
    public static DecodedFrames decoded(
            Connection connection, long firstSeq, List<List<Event>> frames, ArrayPool pool) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        List<Event> events = frames.stream().flatMap(List::stream).toList();
        int[] ends = new int[events.size()];
        byte[] kinds = new byte[events.size()];
        int[] collections = new int[events.size()];
        short[] didLengths = new short[events.size()];
        List<String> table = new ArrayList<>();
        for (int i = 0; i < ends.length; i++) {
            Event event = events.get(i);
            byte[] json = event.json(9_999_999_999_999_999L).getBytes(UTF_8);
            int hole = event.did().getBytes(UTF_8).length + 8 + 12;
            java.util.Arrays.fill(json, hole, hole + EventBlock.TIME_DIGITS, (byte) '?');
            bytes.writeBytes(FrameHeader.frame(FrameHeader.TEXT, json));
            ends[i] = bytes.size();
            didLengths[i] = (short) event.did().getBytes(UTF_8).length;
            kinds[i] = (byte) event.kind().number();
            collections[i] = collection(event, table);
        }
        long[] seqs = new long[frames.size()];
        long[] accounts = new long[frames.size()];
        long[] times = new long[frames.size()];
        int[] frameEnds = new int[frames.size()];
        int behind = 0;
        for (int i = 0; i < seqs.length; i++) {
            seqs[i] = firstSeq + i;
            accounts[i] = 1;
            times[i] = seqs[i];
            behind += frames.get(i).size();
            frameEnds[i] = behind;
        }
        return new DecodedFrames(
                seqs.length,
                seqs,
                accounts,
                new long[seqs.length],
                times,
                frameEnds,
                false,
                ends.length,
                pool == null ? bytes.toByteArray() : java.util.Arrays.copyOf(bytes.toByteArray(), pool.length()),
                ends,
                kinds,
                collections,
                didLengths,
                table,
                new int[DropReason.values().length],
                new int[DecodedFrames.TYPES.size()],
                new int[3 * table.size()],
                0,
                connection,
                pool);
    }

    /** The same frames, the last of which is a relay's error. */
    public static DecodedFrames endedByError(DecodedFrames d) {
        return new DecodedFrames(
                d.frameCount(),
                d.seqs(),
                d.accounts(),
                d.revs(),
                d.times(),
                d.frameEnds(),
                true,
                d.count(),
                d.bytes(),
                d.ends(),
                d.kinds(),
                d.collections(),
                d.didLengths(),
                d.table(),
                d.drops(),
                d.types(),
                d.ops(),
                d.receivedNanos(),
                d.connection(),
                d.pool());
    }

    /** The payloads of unmasked frames that stand back to back. */
    public static List<byte[]> payloads(byte[] frames, int from, int to) {
        List<byte[]> payloads = new ArrayList<>();
        int at = from;
        while (at < to) {
            int header = FrameHeader.length(frames, at, to);
            int length = Math.toIntExact(FrameHeader.payloadLength(frames, at));
            payloads.add(java.util.Arrays.copyOfRange(frames, at + header, at + header + length));
            at += header + length;
        }
        return payloads;
    }

    /** A block's v1 messages. */
    public static List<String> texts(EventBlock block) {
        return payloads(block.frames(), block.start(0), block.end(block.count() - 1)).stream()
                .map(payload -> new String(payload, UTF_8))
                .toList();
    }

    /** The payloads as text. */
    public static List<String> texts(byte[] frames) {
        return payloads(frames, 0, frames.length).stream()
                .map(bytes -> new String(bytes, UTF_8))
                .toList();
    }
}
