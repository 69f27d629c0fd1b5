package dev.jetstream.sequence;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Makes blocks of decoded frames: skips repeats, gives each event a {@code time_us} above all earlier ones, and never splits a
 * frame. Not thread-safe.
 */
public final class Sequencer {
    private final Limits limits;
    private final Slab slab;
    private final LongSupplier clockUs;
    private final Map<String, ReplayGuard> guards = new HashMap<>();
    private final ArrayDeque<Run> pending = new ArrayDeque<>();
    private int heldBatches;
    private long heldBytes;
    private int pendingEvents;
    private long pendingBytes;

    /** The upstream position once all pending events are in blocks. */
    private RelaySeqs taken;

    private long sequenceNr;
    private long lastTimeUs;
    private long nextOrdinal;
    /** A connection that a relay's error ended. */
    private long endedConnection;

    /**
     * Frames {@code [from, to)} of a batch that wait for a block.
     *
     * @param covered how far the upstream is covered once they are in a block
     */
    private record Run(DecodedFrames frames, int from, int to, RelaySeqs covered) {
        String relay() {
            return frames.connection().relay();
        }

        int events() {
            return frames.frameEnds()[to - 1] - frames.firstEvent(from);
        }

        int bytesFrom() {
            return frames.start(frames.firstEvent(from));
        }

        int bytesTo() {
            return frames.start(frames.frameEnds()[to - 1]);
        }
    }

    /**
     * Limits of blocks and of what waits for them.
     *
     * @param maxEvents a block ends with the frame that brings it to this many events
     * @param maxBytes or to this many bytes of messages
     * @param slabBytes size of the arrays that neighbouring blocks share, from 1 KiB
     * @param maxBatches how many batches may wait at the same time, from 1
     * @param maxHeldBytes how many bytes these may keep in arrays; the batch that exceeds it is the last one
     */
    public record Limits(int maxEvents, int maxBytes, int slabBytes, int maxBatches, long maxHeldBytes) {}

    /**
     * A sequencer that continues after a journal's newest block; all zero and no upstream if the journal is empty.
     *
     * @param sequenceNr number of the newest block
     * @param lastTimeUs time of its last event
     * @param nextOrdinal the next event's running number
     * @param upstream the last upstream frames covered, of the relays that are still read
     * @param clockUs unix microseconds; may step back
     */
    public Sequencer(
            long sequenceNr,
            long lastTimeUs,
            long nextOrdinal,
            RelaySeqs upstream,
            Limits limits,
            LongSupplier clockUs) {
        this.sequenceNr = sequenceNr;
        this.lastTimeUs = lastTimeUs;
        this.nextOrdinal = nextOrdinal;
        taken = upstream;
        this.limits = limits;
        slab = new Slab(limits.slabBytes);
        this.clockUs = clockUs;
    }

    /**
     * Takes the frames of a batch that are not repeats, and releases the batch once its events are in blocks.
     *
     * @return number of its frames that were repeats
     */
    public int add(DecodedFrames batch) {
        if (batch.connection().id() == endedConnection) {
            batch.release();
            return 0;
        }
        if (batch.endedByError()) {
            endedConnection = batch.connection().id();
        }
        ReplayGuard guard = guard(batch.connection());
        guard.over(batch.connection());
        long now = clockUs.getAsLong();
        int repeats = 0;
        int from = 0;
        long seq = guard.last();
        for (int i = 0; i < batch.frameCount(); i++) {
            if (guard.isRepeat(batch, i, now)) {
                keep(batch, from, i, seq);
                repeats++;
                from = i + 1;
            }
            seq = guard.last();
        }
        keep(batch, from, batch.frameCount(), seq);
        if (pending.isEmpty() || pending.peekLast().frames != batch) {
            batch.release();
        } else {
            heldBatches++;
            heldBytes += batch.bytes().length;
        }
        return repeats;
    }

    private ReplayGuard guard(Connection connection) {
        return guards.computeIfAbsent(
                connection.relay(),
                relay -> new ReplayGuard(taken.lastOf(relay).orElse(DecodedFrames.NO_SEQ), lastTimeUs));
    }

    private void keep(DecodedFrames batch, int from, int to, long seq) {
        if (from == to) {
            return;
        }
        taken = taken.with(batch.connection().relay(), seq);
        Run run = new Run(batch, from, to, taken);
        if (run.events() > 0) {
            pending.add(run);
            pendingEvents += run.events();
            pendingBytes += run.bytesTo() - run.bytesFrom();
        } else if (!pending.isEmpty()) {
            // Frames without events only advance the seq: keeping them could fill memory while the journal is stalled.
            Run last = pending.pollLast();
            pending.add(new Run(last.frames, last.from, last.to, taken));
        }
    }

    /** Number of the last block that was cut; 0: none. */
    long lastSequenceNr() {
        return sequenceNr;
    }

    /** The upstream position once all pending events are in blocks. */
    RelaySeqs covered() {
        return taken;
    }

    /** Events that wait for a block. */
    public int pendingEvents() {
        return pendingEvents;
    }

    /** Whether one more batch may be added: waiting batches are bounded in number and in memory. */
    public boolean hasRoom() {
        return heldBatches < limits.maxBatches && heldBytes < limits.maxHeldBytes;
    }

    /** Whether the waiting events fill a block. */
    public boolean isFull() {
        return isFull(pendingEvents, pendingBytes);
    }

    private boolean isFull(int events, long bytes) {
        return events >= limits.maxEvents || bytes >= limits.maxBytes;
    }

    /** How often the connection's relay sent new frames with a lower seq, which means that its sequencer was reset. */
    public long resets(Connection connection) {
        return guard(connection).resets();
    }

    /**
     * Makes a block of the oldest waiting events.
     *
     * @throws IllegalStateException when no event waits
     */
    public EventBlock cut() {
        if (pendingEvents == 0) {
            throw new IllegalStateException("no event waits for a block");
        }
        List<Run> runs = new ArrayList<>();
        int events = 0;
        long bytes = 0;
        while (!pending.isEmpty() && !isFull(events, bytes)) {
            Run run = cutRun(pending.poll(), events, bytes);
            runs.add(run);
            events += run.events();
            bytes += run.bytesTo() - run.bytesFrom();
        }
        pendingEvents -= events;
        pendingBytes -= bytes;
        return build(runs, events, Math.toIntExact(bytes));
    }

    /** The part of a run, at least a frame, for which a block of so many events and bytes has room; the rest goes back. */
    private Run cutRun(Run run, int events, long bytes) {
        DecodedFrames frames = run.frames;
        int first = frames.firstEvent(run.from);
        for (int i = run.from + 1; i < run.to; i++) {
            int next = frames.firstEvent(i);
            if (isFull(events + next - first, bytes + frames.start(next) - run.bytesFrom())) {
                Run rest = new Run(frames, i, run.to, run.covered);
                if (rest.events() > 0) {
                    pending.addFirst(rest);
                    return new Run(frames, run.from, i, run.covered.with(run.relay(), lastSeq(frames, run.from, i)));
                }
                break;
            }
        }
        return run;
    }

    /** The last seq of frames {@code [from, to)}; -1: none. */
    private static long lastSeq(DecodedFrames frames, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (frames.seqs()[i] != DecodedFrames.NO_SEQ) {
                return frames.seqs()[i];
            }
        }
        return -1;
    }

    private EventBlock build(List<Run> runs, int events, int bytes) {
        BlockAssembly block =
                new BlockAssembly(events, slab.take(bytes, bytes > EventBlock.LARGE_EVENT && hasLarge(runs)));
        long time = Math.max(clockUs.getAsLong(), lastTimeUs + 1);
        for (Run run : runs) {
            time = block.append(run.frames, run.from, run.to, time);
        }
        release(runs);
        lastTimeUs = time - 1;
        Run last = runs.get(runs.size() - 1);
        long ordinal = nextOrdinal;
        nextOrdinal += events;
        return block.build(new EventBlock.Head(++sequenceNr, ordinal, last.covered));
    }

    /** Whether an event is so large that a slow socket may keep the block's array. */
    private static boolean hasLarge(List<Run> runs) {
        for (Run run : runs) {
            DecodedFrames frames = run.frames;
            for (int i = frames.firstEvent(run.from), to = frames.firstEvent(run.to); i < to; i++) {
                if (frames.ends()[i] - frames.start(i) > EventBlock.LARGE_EVENT) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Releases the batches that have no more waiting frames. The runs of a batch are neighbours. */
    private void release(List<Run> built) {
        Run next = pending.peek();
        for (int i = built.size() - 1; i >= 0; i--) {
            DecodedFrames frames = built.get(i).frames;
            if (next == null || next.frames != frames) {
                heldBatches--;
                heldBytes -= frames.bytes().length;
                frames.release();
            }
            next = built.get(i);
        }
    }
}
