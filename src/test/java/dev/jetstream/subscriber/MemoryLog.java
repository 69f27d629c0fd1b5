package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.read.BlockLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A block log in memory, some of whose blocks must be read first, as if they were on disk. */
final class MemoryLog implements BlockLog {
    private final List<EventBlock> blocks = new ArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long oldest = 1;
    private long heldFrom = 1;
    private volatile RuntimeException failure;
    private volatile RuntimeException bug;

    synchronized void append(EventBlock block) {
        blocks.add(block);
    }

    /** Blocks before this number have to be read. */
    synchronized void holdFrom(long sequenceNr) {
        heldFrom = sequenceNr;
    }

    /** Takes away the blocks before this number. */
    synchronized void deleteBefore(long sequenceNr) {
        oldest = sequenceNr;
    }

    void failReads(RuntimeException with) {
        failure = with;
    }

    /** From now on a bug shows at each look at the blocks in memory. */
    void breakDown(RuntimeException with) {
        bug = with;
    }

    @Override
    public void onNewBlocks(Runnable listener) {
        listeners.add(listener);
    }

    /** Announces the blocks that were appended. */
    void announce() {
        listeners.forEach(Runnable::run);
    }

    @Override
    public synchronized long tip() {
        if (bug != null) {
            throw bug;
        }
        return blocks.size();
    }

    @Override
    public synchronized EventBlock held(long sequenceNr) {
        return sequenceNr < Math.max(oldest, heldFrom) || sequenceNr > blocks.size()
                ? null
                : blocks.get((int) sequenceNr - 1);
    }

    @Override
    public synchronized CompletionStage<EventBlock> read(long from) {
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        return CompletableFuture.completedFuture(blocks.get((int) Math.max(from, oldest) - 1));
    }

    @Override
    public CompletionStage<Long> find(long timeUs) {
        return find(block -> block.lastTimeUs() >= timeUs);
    }

    @Override
    public CompletionStage<Long> findSeq(long seq) {
        return find(block -> block.lastSeq() >= seq);
    }

    private synchronized CompletionStage<Long> find(Predicate<EventBlock> wanted) {
        long found = oldest;
        while (found <= blocks.size() && !wanted.test(blocks.get((int) found - 1))) {
            found++;
        }
        return CompletableFuture.completedFuture(found);
    }

    @Override
    public synchronized CompletionStage<SeqRange> seqs() {
        return CompletableFuture.completedFuture(
                blocks.isEmpty()
                        ? SeqRange.EMPTY
                        : new SeqRange(
                                blocks.get((int) oldest - 1).firstSeq(),
                                blocks.get(blocks.size() - 1).lastSeq()));
    }
}
