package dev.jetstream.decode;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import dev.jetstream.upstream.FrameBatch;
import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The decoded frames of a batch: their messages, framed and back to back, with {@link EventBlock#TIME_DIGITS} zeros in place of
 * {@code time_us}. Immutable by convention until it is released.
 *
 * @param frameCount frames, including those without an event
 * @param seqs upstream seq of each frame, or {@link #NO_SEQ}
 * @param accounts a hash of each frame's DID and kind; 0: the frame is of no kind that gives events
 * @param revs each commit's rev as {@link Timestamps#tid}; 0: the frame is not a commit, or its rev is not a TID
 * @param times unix microseconds of each frame's {@code time}, or 0
 * @param frameEnds index after each frame's last event
 * @param endedByError whether the last frame is a relay's error: what this connection sends after it does not count
 * @param count events
 * @param bytes unmasked websocket text messages, back to back; bytes after the last one mean nothing
 * @param ends offset after each event's message
 * @param kinds {@link EventKind#number} of each event
 * @param collections index into {@code table} for commits; 0 for other kinds
 * @param didLengths bytes of each event's DID in the JSON, at most 2,048
 * @param table the collections that occur, each once
 * @param drops how often each {@link DropReason} occurred, by ordinal
 * @param types frames by type, in the order of {@link #TYPES}
 * @param ops ops sent, by create, update, delete: three figures for each entry of {@code table}
 * @param receivedNanos {@link System#nanoTime} at which upstream had read the frames
 * @param connection the connection that brought the frames
 * @param pool the pool of {@code bytes}; null: none
 */
public record DecodedFrames(
        int frameCount,
        long[] seqs,
        long[] accounts,
        long[] revs,
        long[] times,
        int[] frameEnds,
        boolean endedByError,
        int count,
        byte[] bytes,
        int[] ends,
        byte[] kinds,
        int[] collections,
        short[] didLengths,
        List<String> table,
        int[] drops,
        int[] types,
        int[] ops,
        long receivedNanos,
        Connection connection,
        ArrayPool pool) {

    /** The seq of a frame without one. */
    public static final long NO_SEQ = -1;

    /** What frames are counted by: the kinds of event by their numbers, then {@code error}. */
    public static final List<String> TYPES = Stream.concat(Arrays.stream(EventKind.v1Names()), Stream.of("error"))
            .toList();

    private static final int ACTIONS = 3;

    /** Unix microseconds of the last {@code time} that a frame has; 0 if none has one. */
    public long lastCreatedMicros() {
        int i = frameCount - 1;
        while (i > 0 && times[i] == 0) {
            i--;
        }
        return times[i];
    }

    /** Index of frame {@code i}'s first event. */
    public int firstEvent(int i) {
        return i == 0 ? 0 : frameEnds[i - 1];
    }

    /** Offset of event {@code i}'s message, header included. */
    public int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Offset of event {@code i}'s {@code time_us}. */
    public int timeAt(int i) {
        int start = start(i);
        int header = FrameHeader.sizeWithin(ends[i] - start);
        return start + header + EventBlock.BEFORE_DID.length() + didLengths[i] + EventBlock.BEFORE_TIME.length();
    }

    /** Bytes of the messages. */
    public int length() {
        return start(count);
    }

    /** Returns the array to its pool. At most once, when nobody reads {@link #bytes} any more. */
    public void release() {
        if (pool != null) {
            pool.giveBack(bytes);
        }
    }

    /** Frames of the batch in a state that counts all of them as faults of the decoder. */
    static DecodedFrames ofFault(FrameBatch batch) {
        Builder builder = new Builder();
        builder.begin(batch.count());
        for (int i = 0; i < batch.count(); i++) {
            builder.endFrame(NO_SEQ);
        }
        builder.drop(DropReason.DECODER_FAULT, batch.count());
        return builder.build(new byte[0], List.of(), batch, null);
    }

    @Override
    public String toString() {
        return "DecodedFrames[frames=" + frameCount + ", events=" + count + ", drops=" + Arrays.toString(drops) + "]";
    }

    /** Collects the results of one batch after the other in arrays that grow. Not thread-safe. */
    static final class Builder {
        private static final int INITIAL = 256;
        private static final int MAX_KEPT = 64 * 1024;

        private int frames;
        private long[] seqs = {};
        private long[] accounts;
        private long[] revs;
        private long[] times;
        private int[] frameEnds;
        private boolean endedByError;
        private int count;
        private int[] ends = {};
        private byte[] kinds;
        private int[] collections;
        private short[] didLengths;
        private int[] ops = new int[INITIAL];
        private int[] drops;
        private int[] types;

        /** Begins a batch of at most so many frames. */
        void begin(int maxFrames) {
            if (ends.length == 0 || ends.length > MAX_KEPT) {
                ends = new int[INITIAL];
                kinds = new byte[INITIAL];
                collections = new int[INITIAL];
                didLengths = new short[INITIAL];
            }
            if (seqs.length < Math.max(1, maxFrames) || seqs.length > MAX_KEPT) {
                int size = Math.max(INITIAL, maxFrames);
                seqs = new long[size];
                accounts = new long[size];
                revs = new long[size];
                times = new long[size];
                frameEnds = new int[size];
            }
            Arrays.fill(ops, 0);
            Arrays.fill(accounts, 0, maxFrames, 0);
            Arrays.fill(revs, 0, maxFrames, 0);
            Arrays.fill(times, 0, maxFrames, 0);
            frames = 0;
            count = 0;
            endedByError = false;
            drops = new int[DropReason.values().length];
            types = new int[TYPES.size()];
        }

        /** Offset after the last event. */
        int end() {
            return count == 0 ? 0 : ends[count - 1];
        }

        void drop(DropReason reason, int times) {
            drops[reason.ordinal()] += times;
        }

        /** The current frame is of a kind that gives events. */
        void frame(EventKind kind, long account, long rev, long micros) {
            types[kind.number()]++;
            accounts[frames] = account;
            revs[frames] = rev;
            times[frames] = micros;
        }

        /** The current frame is a relay's error, the last frame of the batch. */
        void errorFrame() {
            types[types.length - 1]++;
            endedByError = true;
        }

        boolean isEnded() {
            return endedByError;
        }

        void op(int collection, int action) {
            int at = ACTIONS * collection + action;
            if (at >= ops.length) {
                ops = Arrays.copyOf(ops, 2 * at);
            }
            ops[at]++;
        }

        /** @param collection index into the table; 0 for kinds other than a commit */
        void event(int end, EventKind kind, int collection, int didLength) {
            if (count == ends.length) {
                ends = Arrays.copyOf(ends, 2 * count);
                kinds = Arrays.copyOf(kinds, 2 * count);
                collections = Arrays.copyOf(collections, 2 * count);
                didLengths = Arrays.copyOf(didLengths, 2 * count);
            }
            ends[count] = end;
            kinds[count] = (byte) kind.number();
            collections[count] = collection;
            didLengths[count++] = (short) didLength;
        }

        void endFrame(long seq) {
            seqs[frames] = seq;
            frameEnds[frames++] = count;
        }

        DecodedFrames build(byte[] bytes, List<String> table, FrameBatch batch, ArrayPool pool) {
            return new DecodedFrames(
                    frames,
                    Arrays.copyOf(seqs, frames),
                    Arrays.copyOf(accounts, frames),
                    Arrays.copyOf(revs, frames),
                    Arrays.copyOf(times, frames),
                    Arrays.copyOf(frameEnds, frames),
                    endedByError,
                    count,
                    bytes,
                    Arrays.copyOf(ends, count),
                    Arrays.copyOf(kinds, count),
                    Arrays.copyOf(collections, count),
                    Arrays.copyOf(didLengths, count),
                    table,
                    drops,
                    types,
                    Arrays.copyOf(ops, ACTIONS * table.size()),
                    batch.receivedNanos(),
                    batch.connection(),
                    pool);
        }
    }
}
