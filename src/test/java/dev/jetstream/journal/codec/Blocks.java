package dev.jetstream.journal.codec;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.websocket.FrameHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Made-up blocks of made-up people. */
public final class Blocks {
    public static final String RELAY = "wss://relay.example/xrpc/com.atproto.sync.subscribeRepos";

    /** The time of the first event of block 1. */
    public static final long START_US = 1_700_000_000_000_000L;

    private Blocks() {}

    /** Block {@code number} of a journal of blocks of {@code count} events, {@code gapUs} from one block's start to the next. */
    public static EventBlock block(long number, int count, long gapUs) {
        long firstOrdinal = (number - 1) * count;
        return block(number, count, START_US + (number - 1) * gapUs, firstOrdinal);
    }

    /** A block of one event every microsecond, the same for the same arguments. */
    public static EventBlock block(long number, int count, long firstTimeUs, long firstOrdinal) {
        long[] times = new long[count];
        List<String> messages = new ArrayList<>();
        List<String> table = List.of("app.bsky.feed.like", "app.bsky.feed.post");
        byte[] kinds = new byte[count];
        int[] collections = new int[count];
        Random random = new Random(number);
        for (int i = 0; i < count; i++) {
            times[i] = firstTimeUs + i;
            int kind = random.nextInt(20);
            kinds[i] = (byte) (kind <= EventKind.lastNumber() ? kind : EventKind.COMMIT.number());
            collections[i] = kinds[i] == EventKind.COMMIT.number() ? kind & 1 : 0;
            messages.add(message(random, times[i], EventKind.of(kinds[i]), table.get(collections[i])));
        }
        return of(number, firstOrdinal, times, kinds, collections, messages, table);
    }

    /** A block of one event that is hard to compress, of some 130 kB in the journal. */
    public static EventBlock large(long number, long gapUs) {
        long time = START_US + (number - 1) * gapUs;
        String message = "{\"did\":\"did:plc:x\",\"time_us\":" + time + ",\"kind\":\"commit\",\"commit\":{\"text\":\""
                + letters(new Random(number), 200_000) + "\"}}";
        return of(
                number,
                number,
                new long[] {time},
                new byte[1],
                new int[1],
                List.of(message),
                List.of("app.bsky.feed.post"));
    }

    private static String message(Random random, long time, EventKind kind, String collection) {
        String did = "did:plc:" + letters(random, 24);
        String start = EventBlock.BEFORE_DID + did + EventBlock.BEFORE_TIME + time + ",";
        return switch (kind) {
            case IDENTITY -> start + "\"kind\":\"identity\",\"identity\":{\"did\":\"" + did + "\",\"seq\":7}}";
            case ACCOUNT ->
                start + "\"kind\":\"account\",\"account\":{\"active\":true,\"did\":\"" + did + "\",\"seq\":7}}";
            case COMMIT ->
                start + "\"kind\":\"commit\",\"commit\":{\"rev\":\"3" + letters(random, 12)
                        + "\",\"operation\":\"create\",\"collection\":\"" + collection + "\",\"rkey\":\"3"
                        + letters(random, 12) + "\",\"record\":{\"$type\":\"" + collection + "\",\"text\":\""
                        + "wörds ".repeat(random.nextInt(20)) + "\"},\"cid\":\"bafyrei" + letters(random, 52) + "\"}}";
        };
    }

    public static String letters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("abcdefghijklmnopqrstuvwxyz234567".charAt(random.nextInt(32)));
        }
        return text.toString();
    }

    /** The same block behind these frames of relays. */
    public static EventBlock covering(RelaySeqs upstream, EventBlock block) {
        int count = block.count();
        return new EventBlock(
                new EventBlock.Head(block.sequenceNr(), block.firstOrdinal(), upstream),
                new Frames(
                        block.frames(),
                        block.start(0),
                        IntStream.range(0, count).map(block::end).toArray()),
                LongStream.range(0, count).map(i -> block.timeUs((int) i)).toArray(),
                kinds(block),
                IntStream.range(0, count).map(block::collection).toArray(),
                didLengths(block),
                block.table());
    }

    private static byte[] kinds(EventBlock block) {
        byte[] kinds = new byte[block.count()];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = (byte) block.kind(i).number();
        }
        return kinds;
    }

    private static short[] didLengths(EventBlock block) {
        short[] lengths = new short[block.count()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = (short) block.didLength(i);
        }
        return lengths;
    }

    /** A block of given messages. Their DIDs are read from them. */
    public static EventBlock of(
            long number,
            long firstOrdinal,
            long[] times,
            byte[] kinds,
            int[] collections,
            List<String> messages,
            List<String> table) {
        int count = times.length;
        int[] ends = new int[count];
        short[] didLengths = new short[count];
        ByteWriter frames = new ByteWriter(1024);
        byte[] header = new byte[FrameHeader.MAX_BYTES];
        for (int i = 0; i < count; i++) {
            byte[] message = messages.get(i).getBytes(StandardCharsets.UTF_8);
            int before = EventBlock.BEFORE_DID.length();
            String text = new String(message, StandardCharsets.ISO_8859_1);
            didLengths[i] = (short) (text.indexOf(EventBlock.BEFORE_TIME) - before);
            frames.put(header, 0, FrameHeader.write(header, 0, FrameHeader.TEXT, message.length));
            frames.put(message, 0, message.length);
            ends[i] = frames.size();
        }
        byte[] bytes = java.util.Arrays.copyOf(frames.array(), frames.size());
        EventBlock.Head head = new EventBlock.Head(number, firstOrdinal, RelaySeqs.of(RELAY, 1000 + number));
        return new EventBlock(head, new Frames(bytes, ends), times, kinds, collections, didLengths, table);
    }

    /** Everything that a block holds, to compare. */
    public static String dump(EventBlock block) {
        StringBuilder text = new StringBuilder();
        text.append(block.sequenceNr()).append(' ').append(block.firstOrdinal()).append(' ');
        text.append(block.upstream()).append(' ').append(block.table());
        for (int i = 0; i < block.count(); i++) {
            text.append('\n')
                    .append(block.timeUs(i))
                    .append(' ')
                    .append(block.kind(i))
                    .append(' ')
                    .append(block.collection(i));
            text.append(' ').append(block.didLength(i)).append(' ').append(block.end(i) - block.start(0));
        }
        return text + new String(block.frames(), block.start(0), block.length(), StandardCharsets.ISO_8859_1);
    }
}
