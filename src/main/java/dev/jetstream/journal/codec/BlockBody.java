package dev.jetstream.journal.codec;

import static dev.jetstream.event.EventBlock.TIME_DIGITS;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.websocket.FrameHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * What is in a journaled block's body, before it is compressed.
 *
 * <pre>
 *   relays       {@link StoredSeqs}
 *   collections  varint how many; each: varint bytes, UTF-8
 *   columns      one varint per event each:
 *                  time since the event before, in microseconds (none for the first)
 *                  index of the collection + 2; identity 1, account 0; any other kind: how many collections + its
 *                    number - 1
 *                  bytes of the DID
 *                  bytes of the message without its time
 *   messages     the v1 messages back to back, without websocket headers and without the digits of time_us
 * </pre>
 *
 * Columns stand before the messages, so that like stands beside like; headers and digits are rebuilt, since they are known from
 * the columns.
 */
final class BlockBody {
    private static final int MAX_COLLECTION_BYTES = 1 << 12;

    /** A higher number of a kind is damage, and not of a newer version. */
    private static final int MAX_KINDS = 100;

    /** The lowest code whose column stands before those of the collections. */
    private static final int LOWEST_IN_FRONT = EventKind.ACCOUNT.code();

    private static final int BEFORE_DIGITS = EventBlock.BEFORE_DID.length() + EventBlock.BEFORE_TIME.length();

    private BlockBody() {}

    static void write(EventBlock block, ByteWriter to) {
        StoredSeqs.write(block.upstream(), to);
        int entries = block.table().size();
        to.putVarint(entries);
        for (String collection : block.table()) {
            to.putText(collection);
        }
        int count = block.count();
        for (int i = 1; i < count; i++) {
            to.putVarint(block.timeUs(i) - block.timeUs(i - 1));
        }
        for (int i = 0; i < count; i++) {
            to.putVarint(kindColumn(block.collection(i), entries));
        }
        for (int i = 0; i < count; i++) {
            to.putVarint(block.didLength(i));
        }
        for (int i = 0; i < count; i++) {
            to.putVarint(block.messageLength(i) - TIME_DIGITS);
        }
        for (int i = 0; i < count; i++) {
            int start = block.messageStart(i);
            int before = BEFORE_DIGITS + block.didLength(i);
            int behind = start + before + TIME_DIGITS;
            to.put(block.frames(), start, before);
            to.put(block.frames(), behind, block.end(i) - behind);
        }
    }

    /** What a block of so many collections says of an event's; kinds that came later stand behind the collections. */
    static int kindColumn(int collection, int entries) {
        return collection >= LOWEST_IN_FRONT ? collection - LOWEST_IN_FRONT : entries - 1 - collection;
    }

    /** An event's collection, out of what {@link #kindColumn} made of it. */
    static int collection(int kindColumn, int entries) {
        int collection = kindColumn + LOWEST_IN_FRONT;
        return collection < entries ? collection : entries - 1 - kindColumn;
    }

    /** Reads the first {@code header.bodySize()} bytes of {@code body}. */
    static Decoded read(BlockHeader header, byte[] body) {
        ByteReader from = new ByteReader(body, 0, header.bodySize());
        RelaySeqs upstream = StoredSeqs.read(header, from);
        int entries = from.varint(from.remaining());
        List<String> table = new ArrayList<>();
        for (int i = 0; i < entries && !from.isBad(); i++) {
            table.add(from.text(MAX_COLLECTION_BYTES));
        }
        if (from.isBad() || from.remaining() < header.count()) {
            return new Damaged("relays or collections are malformed");
        }
        Columns columns = new Columns(header);
        Damaged flaw = columns.read(from, entries);
        if (flaw != null) {
            return flaw;
        }
        EventBlock.Head head = new EventBlock.Head(header.sequenceNr(), header.firstOrdinal(), upstream);
        byte[] frames = columns.frames(body, from.at());
        return new Decoded.Whole(new EventBlock(
                head, new Frames(frames, columns.ends), columns.times, columns.collections, columns.didLengths, table));
    }

    /** The columns as arrays, and the frames that they and the messages make. */
    private static final class Columns {
        private final BlockHeader header;
        private final int count;
        private final long[] times;
        private final int[] collections;
        private final short[] didLengths;
        private final int[] ends;

        Columns(BlockHeader header) {
            this.header = header;
            count = header.count();
            times = new long[count];
            collections = new int[count];
            didLengths = new short[count];
            ends = new int[count];
        }

        /** Fills the arrays; says what is wrong, or null. Behind it, {@code from} stands at the messages. */
        Damaged read(ByteReader from, int entries) {
            times[0] = header.firstTimeUs();
            for (int i = 1; i < count; i++) {
                times[i] = times[i - 1] + Math.max(1, from.varint(header.lastTimeUs() - times[i - 1]));
            }
            if (times[count - 1] != header.lastTimeUs()) {
                return new Damaged("times do not fit the header");
            }
            for (int i = 0; i < count; i++) {
                collections[i] = collection(from.varint(entries - 1 + MAX_KINDS), entries);
                if (-collections[i] > EventKind.lastNumber()) {
                    return new Damaged("an event of kind " + -collections[i] + ", which is not known", true);
                }
            }
            for (int i = 0; i < count; i++) {
                didLengths[i] = (short) from.varint(Short.MAX_VALUE);
            }
            long messages = 0;
            long framed = 0;
            for (int i = 0; i < count; i++) {
                int length = from.varint(Integer.MAX_VALUE - TIME_DIGITS);
                if (length < BEFORE_DIGITS + didLengths[i]) {
                    return new Damaged("a message is shorter than its beginning");
                }
                messages += length;
                framed += FrameHeader.size(length + TIME_DIGITS) + length + TIME_DIGITS;
                if (framed > Integer.MAX_VALUE - 8) {
                    return new Damaged("messages are too long");
                }
                ends[i] = (int) framed;
            }
            return from.isBad() || messages != from.remaining() ? new Damaged("columns do not fit the messages") : null;
        }

        byte[] frames(byte[] body, int messagesAt) {
            byte[] frames = new byte[ends[count - 1]];
            int from = messagesAt;
            int at = 0;
            for (int i = 0; i < count; i++) {
                int message = ends[i] - at - FrameHeader.sizeWithin(ends[i] - at);
                at = FrameHeader.write(frames, at, FrameHeader.TEXT, message);
                int before = BEFORE_DIGITS + didLengths[i];
                int behind = message - before - TIME_DIGITS;
                System.arraycopy(body, from, frames, at, before);
                writeDigits(times[i], frames, at + before);
                System.arraycopy(body, from + before, frames, at + before + TIME_DIGITS, behind);
                from += before + behind;
                at += message;
            }
            return frames;
        }

        private static void writeDigits(long time, byte[] to, int at) {
            int high = (int) (time / 100_000_000);
            int low = (int) (time % 100_000_000);
            for (int i = 7; i >= 0; i--) {
                to[at + i] = (byte) ('0' + high % 10);
                to[at + 8 + i] = (byte) ('0' + low % 10);
                high /= 10;
                low /= 10;
            }
        }
    }
}
