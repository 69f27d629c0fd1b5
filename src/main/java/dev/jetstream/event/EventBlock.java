package dev.jetstream.event;

import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A run of consecutive events: the unit of everything after the decoder. Immutable except for what it memoizes.
 *
 * <p>Flat arrays, one entry per event, and all messages back to back somewhere in one byte array, each already framed as a
 * websocket text message:
 *
 * <pre>
 *   frames:  …  header {"did":"D","time_us":N,…}  header {"did":"D","time_us":N,…}  …
 *               ^from                             ^ends[0]                          ^ends[1]
 * </pre>
 *
 * So a subscriber without a filter is sent slices of {@code frames}, and no event is examined. Any thread may read.
 */
public final class EventBlock {
    /** Digits of {@code time_us}: unix microseconds from September 2001 to November 2286. */
    public static final int TIME_DIGITS = 16;

    /** The text between a message's start and its DID. */
    public static final String BEFORE_DID = "{\"did\":\"";

    /** The text between the DID and {@code time_us}'s digits. */
    public static final String BEFORE_TIME = "\",\"time_us\":";

    /** Frames above this many bytes are large: the rest of one that a socket took in part is not copied. */
    public static final int LARGE_EVENT = 64 * 1024;

    private static final int BYTES_PER_EVENT = 8 + 4 + 1 + 4 + 2;

    /** Memory of the block's objects, and of a string beside its characters. */
    private static final int OBJECT_BYTES = 512;

    private static final int STRING_BYTES = 56;

    /** Memory of a memoized selection's key and entry. */
    private static final int MEMO_BYTES = 80;

    private final Head head;
    private final Frames own;
    private final byte[] frames;
    private final int[] ends;
    private final long[] timesUs;
    private final byte[] kinds;
    private final int[] collections;
    private final short[] didLengths;
    private final List<String> table;
    private final long weight;

    private final AtomicReferenceArray<Frames> rendered = new AtomicReferenceArray<>(BlockEncoding.MAX);
    private final ConcurrentHashMap<Long, Selection> selections = new ConcurrentHashMap<>();
    private final RecordIndex records = new RecordIndex(this);
    private volatile long[] didHashes;
    private volatile MemoLedger ledger = MemoLedger.NONE;

    /**
     * A block's place in the log.
     *
     * @param sequenceNr the journal's number of this block, from 1
     * @param firstOrdinal the running number of the block's first event, from 0
     * @param upstream the last upstream frames that are in this block or were covered before its end
     */
    public record Head(long sequenceNr, long firstOrdinal, RelaySeqs upstream) {}

    /**
     * Keeps the arrays: their parts that belong to the block must not change afterwards.
     *
     * @param messages the v1 messages, framed
     * @param timesUs unix microseconds, strictly increasing
     * @param kinds {@link EventKind#number}
     * @param collections index into {@code table} for commits; not used for other kinds
     * @param table the collections that {@code collections} points into
     */
    public EventBlock(
            Head head,
            Frames messages,
            long[] timesUs,
            byte[] kinds,
            int[] collections,
            short[] didLengths,
            List<String> table) {
        this.head = head;
        own = messages;
        frames = messages.bytes();
        ends = messages.ends();
        this.timesUs = timesUs;
        this.kinds = kinds;
        this.collections = collections;
        this.didLengths = didLengths;
        this.table = List.copyOf(table);
        weight = weight(own, this.table);
    }

    public long sequenceNr() {
        return head.sequenceNr();
    }

    public long firstOrdinal() {
        return head.firstOrdinal();
    }

    public RelaySeqs upstream() {
        return head.upstream();
    }

    /** Events, at least one. */
    public int count() {
        return ends.length;
    }

    public long timeUs(int event) {
        return timesUs[event];
    }

    public long firstTimeUs() {
        return timesUs[0];
    }

    public long lastTimeUs() {
        return timesUs[timesUs.length - 1];
    }

    /** Index of the first event at or after a time; {@link #count()} if all are before it. */
    public int firstAtOrAfter(long timeUs) {
        int at = Arrays.binarySearch(timesUs, timeUs);
        return at >= 0 ? at : -at - 1;
    }

    /** The running number of an event: from 1, never reused. Numbers within a block are consecutive. */
    public long seq(int event) {
        return head.firstOrdinal() + 1 + event;
    }

    public long firstSeq() {
        return seq(0);
    }

    public long lastSeq() {
        return seq(count() - 1);
    }

    /** Index of the first event at or after a running number; {@link #count()} if all are before it. */
    public int firstAtOrAfterSeq(long seq) {
        return (int) Math.max(0, Math.min(count(), seq - firstSeq()));
    }

    public EventKind kind(int event) {
        return EventKind.of(kinds[event]);
    }

    /** Index into {@link #table()} of a commit's collection; not to be used for other kinds. */
    public int collection(int event) {
        return collections[event];
    }

    /** The collections that occur, each once. */
    public List<String> table() {
        return table;
    }

    /** The v1 messages, framed, between {@code start(0)} and the last event's end. */
    public byte[] frames() {
        return frames;
    }

    /** Bytes of the v1 messages, framed. */
    public int length() {
        return own.length();
    }

    /** Offset of the first byte of an event's frame, its header. */
    public int start(int event) {
        return own.start(event);
    }

    /** Offset after an event's frame. */
    public int end(int event) {
        return ends[event];
    }

    /** Offset of the first byte of an event's JSON. */
    public int messageStart(int event) {
        int start = start(event);
        return start + FrameHeader.length(frames, start, ends[event]);
    }

    /** Bytes of an event's v1 JSON. */
    public int messageLength(int event) {
        return ends[event] - messageStart(event);
    }

    /** Offset of the first byte of an event's DID. */
    public int didStart(int event) {
        return messageStart(event) + BEFORE_DID.length();
    }

    /** Bytes of an event's DID in the JSON. */
    public int didLength(int event) {
        return didLengths[event];
    }

    /** What the block's records refer to. */
    RecordIndex records() {
        return records;
    }

    /** The block in an encoding: made at the first call, then kept. */
    public Frames frames(BlockEncoding encoding) {
        Frames kept = rendered.get(encoding.index());
        if (kept != null) {
            return kept;
        }
        Frames made = encoding.encode(this);
        if (rendered.compareAndSet(encoding.index(), null, made)) {
            ledger.charge(this, made.bytes() == frames ? 0 : made.weight());
        }
        return made;
    }

    /** The block's own messages and their ends, not counted as memoized. */
    public Frames own() {
        return own;
    }

    /**
     * The events that pass a filter.
     *
     * @param encoding decides whose size {@link Filter#maxMessageBytes()} is compared with
     * @param shared whether others have the same filter object: the result is then memoized under its id
     */
    public Selection select(Filter filter, BlockEncoding encoding, boolean shared) {
        if (filter.isAll()) {
            return Selection.all(count());
        }
        if (!shared) {
            return Selection.of(this, filter, encoding);
        }
        Long key = filter.id() * (BlockEncoding.MAX + 1)
                + (filter.maxMessageBytes() == 0
                        ? BlockEncoding.MAX
                        : encoding.plain().index());
        Selection selection = selections.get(key);
        if (selection == null) {
            selection = Selection.of(this, filter, encoding);
            if (selections.putIfAbsent(key, selection) == null) {
                ledger.charge(this, MEMO_BYTES + selection.weight());
            }
        }
        return selection;
    }

    /** {@link TextSet#hash} of each event's DID, computed once. */
    long[] didHashes() {
        long[] hashes = didHashes;
        if (hashes == null) {
            hashes = new long[count()];
            for (int i = 0; i < hashes.length; i++) {
                int from = didStart(i);
                hashes[i] = TextSet.hash(frames, from, from + didLengths[i]);
            }
            didHashes = hashes;
            ledger.charge(this, 8L * hashes.length);
        }
        return hashes;
    }

    /** Counts bytes that this block holds more. */
    void charge(long bytes) {
        ledger.charge(this, bytes);
    }

    /** Charges what this block memoizes from now on to this ledger. */
    public void chargeTo(MemoLedger ledger) {
        this.ledger = ledger;
    }

    /** Drops all that was memoized; those who still use it keep it. */
    public void forgetMemos() {
        for (int i = 0; i < rendered.length(); i++) {
            rendered.set(i, null);
        }
        selections.clear();
        records.forget();
        didHashes = null;
    }

    /** Approximate bytes of memory that the block itself holds, without what it memoizes. */
    public long weight() {
        return weight;
    }

    private static long weight(Frames own, List<String> table) {
        long weight = OBJECT_BYTES + own.length() + (long) BYTES_PER_EVENT * own.ends().length;
        for (String collection : table) {
            weight += STRING_BYTES + collection.length();
        }
        return weight;
    }

    @Override
    public String toString() {
        return "EventBlock[sequenceNr=" + sequenceNr() + ", events=" + count() + ", timeUs=" + firstTimeUs() + ".."
                + lastTimeUs() + "]";
    }
}
