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
 * Makes blocks of decoded frames: skips repeats, gives each event a {@code time_us} that is above all before it, and never splits
 * a frame. Pure but for its clocks; not thread-safe.
 */
public final class Sequencer {
    private final int maxEvents;
    private final int maxBytes;
    private final int maxBatches;
    private final long maxHeldBytes;
    private final Slab slab;
    private final LongSupplier clockUs;
    private final Map<String, ReplayGuard> guards = new HashMap<>();
    private final ArrayDeque<Run> pending = new ArrayDeque<>();
    private int heldBatches;
    private long heldBytes;
    private int pendingEvents;
    private long pendingBytes;

    /** Covered once all that was taken is in blocks. */
    private RelaySeqs taken;

    private long sequenceNr;
    private long lastTimeUs;
    private long nextOrdinal;
    /** A connection that a relay's error ended. */
    private long endedConnection;

    /**
     * Frames {@code from} to before {@code to} of a batch, waiting to be cut.
     *
     * @param covered what is covered once they are in a block
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
     * @param maxEvents a block ends with the frame that brings it to this many events
     * @param maxBytes or to this many bytes of messages
     * @param slabBytes size of the arrays that neighbouring blocks share, from 1 KiB
     * @param maxBatches how many batches may wait at the same time, from 1
     * @param maxHeldBytes how many bytes these may keep in arrays; the batch that exceeds it is the last one
     * @param clockUs unix microseconds; may step back
     */
    public Sequencer(
            SequenceStart start,
            int maxEvents,
            int maxBytes,
            int slabBytes,
            int maxBatches,
            long maxHeldBytes,
            LongSupplier clockUs) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        slab = new Slab(slabBytes);
        this.maxBatches = maxBatches;
        this.maxHeldBytes = maxHeldBytes;
        this.clockUs = clockUs;
        taken = start.upstream();
        sequenceNr = start.sequenceNr();
        lastTimeUs = start.lastTimeUs();
        nextOrdinal = start.nextOrdinal();
    }

    /**
     * Takes the frames of a batch that are no repeats, and releases the batch when all its events are in blocks.
     *
     * @return how many of its frames were repeats
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
            // Frames without events only move the seq on: keeping them could fill the memory of a stalled stream.
            Run last = pending.pollLast();
            pending.add(new Run(last.frames, last.from, last.to, taken));
        }
    }

    /** Events that wait for a block. */
    public int pendingEvents() {
        return pendingEvents;
    }

    /** Whether one more batch may be added: what waits is bounded by batches and by the memory that they keep. */
    public boolean hasRoom() {
        return heldBatches < maxBatches && heldBytes < maxHeldBytes;
    }

    /** Whether what waits fills a block. */
    public boolean isFull() {
        return isFull(pendingEvents, pendingBytes);
    }

    private boolean isFull(int events, long bytes) {
        return events >= maxEvents || bytes >= maxBytes;
    }

    /** How often the connection's relay sent new frames with a lower seq, which shows that its sequencer was reset. */
    public long resets(Connection connection) {
        return guard(connection).resets();
    }

    /**
     * Cuts the next block off what waits.
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

    /** As much of a run as a block of so many events and bytes still takes, at least a frame; the rest goes back. */
    private Run cutRun(Run run, int events, long bytes) {
        DecodedFrames frames = run.frames;
        int first = frames.firstEvent(run.from);
        for (int i = run.from + 1; i < run.to; i++) {
            int behind = frames.firstEvent(i);
            if (isFull(events + behind - first, bytes + frames.start(behind) - run.bytesFrom())) {
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

    /** The highest seq of some frames; that of the guard's rise, since repeats are in no run. */
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

    /** Whether an event is so large that a slow socket may keep its array. */
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

    /** Releases the batches of which nothing waits any more. The runs of a batch are neighbours. */
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
