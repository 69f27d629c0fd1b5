package dev.jetstream.journal.codec;

import static dev.jetstream.event.EventBlock.TIME_DIGITS;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Frames;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import dev.jetstream.websocket.FrameHeader;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of a journaled block, before compression.
 *
 * <pre>
 *   relays       name of the first relay: varint bytes, UTF-8; empty: there is none. Its seq is in the header, plus 1
 *                from version 2: varint how many further relays; each: varint bytes, UTF-8, and varint seq + 1
 *   collections  varint how many; each: varint bytes, UTF-8
 *   columns      one varint per event each:
 *                  time since the previous event, in microseconds (none for the first)
 *                  index of the collection + 2; identity 1, account 0; any other kind: how many collections + its
 *                    number - 1
 *                  bytes of the DID
 *                  bytes of the message without its time
 *   messages     the v1 messages back to back, without websocket headers and without the digits of time_us
 * </pre>
 *
 * Columns precede the messages because like bytes next to each other compress better. Headers and digits are rebuilt from the
 * columns. A block is of version 2 only if it has further relays.
 */
final class BlockBody {
    private static final int VERSION_OF_ONE_RELAY = 1;
    private static final int VERSION_OF_MORE_RELAYS = 2;
    private static final int MAX_RELAY_BYTES = 1 << 16;
    private static final int MAX_FURTHER_RELAYS = 100;
    private static final int MAX_COLLECTION_BYTES = 1 << 12;

    /** A higher number of a kind is damage, not a newer version. */
    private static final int MAX_KINDS = 100;

    /** The kinds up to this number precede the collections in the column, in falling order. */
    private static final int LAST_IN_FRONT = EventKind.ACCOUNT.number();

    private static final int BEFORE_DIGITS = EventBlock.BEFORE_DID.length() + EventBlock.BEFORE_TIME.length();

    private BlockBody() {}

    static void write(EventBlock block, ByteWriter to) {
        writeRelays(block.upstream(), to);
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
            to.putVarint(kindColumn(block.kind(i).number(), block.collection(i), entries));
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
            int after = start + before + TIME_DIGITS;
            to.put(block.frames(), start, before);
            to.put(block.frames(), after, block.end(i) - after);
        }
    }

    /** The column value of an event, in a block of so many collections. */
    static int kindColumn(int kind, int collection, int entries) {
        if (kind == EventKind.COMMIT.number()) {
            return LAST_IN_FRONT + collection;
        }
        return kind <= LAST_IN_FRONT ? LAST_IN_FRONT - kind : entries + kind - 1;
    }

    /** The number of the kind that a column value stands for. */
    static int kindNumber(int kindColumn, int entries) {
        if (kindColumn < LAST_IN_FRONT) {
            return LAST_IN_FRONT - kindColumn;
        }
        return kindColumn < LAST_IN_FRONT + entries ? EventKind.COMMIT.number() : kindColumn - entries + 1;
    }

    /** The version that a block with these relays has to be of. */
    static int version(RelaySeqs seqs) {
        return seqs.all().size() > 1 ? VERSION_OF_MORE_RELAYS : VERSION_OF_ONE_RELAY;
    }

    /** The first relay's seq, which the header carries; -1: none. */
    static long firstSeq(RelaySeqs seqs) {
        return seqs.isEmpty() ? -1 : seqs.all().get(0).seq();
    }

    /** @throws IllegalArgumentException if there are more than 101 relays */
    private static void writeRelays(RelaySeqs seqs, ByteWriter body) {
        body.putText(seqs.isEmpty() ? "" : seqs.all().get(0).relay());
        if (version(seqs) >= VERSION_OF_MORE_RELAYS) {
            List<RelaySeqs.Entry> further = seqs.all().subList(1, seqs.all().size());
            if (further.size() > MAX_FURTHER_RELAYS) {
                throw new IllegalArgumentException(
                        "too many relays to journal: " + seqs.all().size());
            }
            body.putVarint(further.size());
            for (RelaySeqs.Entry entry : further) {
                body.putText(entry.relay());
                body.putVarint(entry.seq() + 1);
            }
        }
    }

    private static RelaySeqs readRelays(JournaledBlock.Header header, ByteReader body) {
        String relay = body.text(MAX_RELAY_BYTES);
        RelaySeqs seqs = relay.isEmpty() ? RelaySeqs.NONE : RelaySeqs.of(relay, header.upstreamSeq());
        if (header.version() >= VERSION_OF_MORE_RELAYS) {
            for (int left = body.varint(MAX_FURTHER_RELAYS); left > 0 && !body.isBad(); left--) {
                String further = body.text(MAX_RELAY_BYTES);
                long seq = body.varint() - 1;
                seqs = further.isEmpty() ? seqs : seqs.with(further, seq);
            }
        }
        return seqs;
    }

    /** Reads the first {@code header.bodySize()} bytes of {@code body}. */
    static StoredBlock read(JournaledBlock.Header header, byte[] body) {
        ByteReader from = new ByteReader(body, 0, header.bodySize());
        RelaySeqs upstream = readRelays(header, from);
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
        return new StoredBlock.Whole(new EventBlock(
                head,
                new Frames(frames, columns.ends),
                columns.times,
                columns.kinds,
                columns.collections,
                columns.didLengths,
                table));
    }

    /** The columns as arrays, and the frames that they and the messages make. */
    private static final class Columns {
        private final JournaledBlock.Header header;
        private final int count;
        private final long[] times;
        private final byte[] kinds;
        private final int[] collections;
        private final short[] didLengths;
        private final int[] ends;

        Columns(JournaledBlock.Header header) {
            this.header = header;
            count = header.count();
            times = new long[count];
            kinds = new byte[count];
            collections = new int[count];
            didLengths = new short[count];
            ends = new int[count];
        }

        /** Fills the arrays, which leaves {@code from} at the messages. Returns what is wrong, or null. */
        Damaged read(ByteReader from, int entries) {
            times[0] = header.firstTimeUs();
            for (int i = 1; i < count; i++) {
                times[i] = times[i - 1] + Math.max(1, from.varint(header.lastTimeUs() - times[i - 1]));
            }
            if (times[count - 1] != header.lastTimeUs()) {
                return new Damaged("times do not fit the header");
            }
            for (int i = 0; i < count; i++) {
                int column = from.varint(entries - 1 + MAX_KINDS);
                int kind = kindNumber(column, entries);
                if (kind > EventKind.lastNumber()) {
                    return new Damaged("an event of kind " + kind + ", which is not known", true);
                }
                kinds[i] = (byte) kind;
                collections[i] = kind == EventKind.COMMIT.number() ? column - LAST_IN_FRONT : 0;
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
                int after = message - before - TIME_DIGITS;
                System.arraycopy(body, from, frames, at, before);
                writeDigits(times[i], frames, at + before);
                System.arraycopy(body, from + before, frames, at + before + TIME_DIGITS, after);
                from += before + after;
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
