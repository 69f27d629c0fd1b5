package dev.jetstream.decode;

import dev.jetstream.event.EventKind;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.FrameBatch;
import java.util.Arrays;
import java.util.List;

/** Collects what a batch's frames gave, and makes arrays of the right size of it. */
final class BatchOutput {
    private static final int ACTIONS = 3;
    private static final int INITIAL = 256;
    private static final int RETAINED = 64 * 1024;

    private int frames;
    private long[] seqs = new long[INITIAL];
    private long[] accounts = new long[INITIAL];
    private long[] revs = new long[INITIAL];
    private long[] times = new long[INITIAL];
    private int[] frameEnds = new int[INITIAL];
    private int count;
    private int[] ends = new int[INITIAL];
    private int[] collections = new int[INITIAL];
    private short[] didLengths = new short[INITIAL];
    private int[] ops = new int[INITIAL];
    private int[] drops;
    private int[] types;

    void begin(int frames) {
        if (ends.length > RETAINED) {
            ends = new int[INITIAL];
            collections = new int[INITIAL];
            didLengths = new short[INITIAL];
        }
        if (frames > seqs.length || seqs.length > RETAINED) {
            int size = Math.max(INITIAL, frames);
            seqs = new long[size];
            accounts = new long[size];
            revs = new long[size];
            times = new long[size];
            frameEnds = new int[size];
        }
        Arrays.fill(ops, 0);
        Arrays.fill(accounts, 0, frames, 0);
        Arrays.fill(revs, 0, frames, 0);
        Arrays.fill(times, 0, frames, 0);
        this.frames = 0;
        count = 0;
        drops = new int[DropReason.values().length];
        types = new int[DecodedFrames.TYPES.size()];
    }

    /** Offset behind the last event. */
    int end() {
        return count == 0 ? 0 : ends[count - 1];
    }

    void drop(DropReason reason, int times) {
        drops[reason.ordinal()] += times;
    }

    /** A frame of a kind that gives events. */
    void frame(EventKind kind) {
        types[kind.number()]++;
    }

    /** Whom the current frame is about, and what tells it from that account's other frames. */
    void content(long account, long rev, long micros) {
        accounts[frames] = account;
        revs[frames] = rev;
        times[frames] = micros;
    }

    /** A frame by which the relay reports an error. */
    void errorFrame() {
        types[types.length - 1]++;
    }

    void op(int collection, int action) {
        int at = ACTIONS * collection + action;
        if (at >= ops.length) {
            ops = Arrays.copyOf(ops, 2 * at);
        }
        ops[at]++;
    }

    void event(int end, int collection, int didLength) {
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
            collections = Arrays.copyOf(collections, 2 * count);
            didLengths = Arrays.copyOf(didLengths, 2 * count);
        }
        ends[count] = end;
        collections[count] = collection;
        didLengths[count++] = (short) didLength;
    }

    void endFrame(long seq) {
        seqs[frames] = seq;
        frameEnds[frames++] = count;
    }

    DecodedFrames finish(byte[] bytes, List<String> table, FrameBatch batch, ArrayPool pool) {
        return new DecodedFrames(
                frames,
                Arrays.copyOf(seqs, frames),
                Arrays.copyOf(accounts, frames),
                Arrays.copyOf(revs, frames),
                Arrays.copyOf(times, frames),
                Arrays.copyOf(frameEnds, frames),
                count,
                bytes,
                Arrays.copyOf(ends, count),
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
