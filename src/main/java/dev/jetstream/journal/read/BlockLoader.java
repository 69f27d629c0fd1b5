package dev.jetstream.journal.read;

import dev.jetstream.journal.codec.Damaged;
import dev.jetstream.journal.codec.Decoded;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Brings runs of blocks from the journal into the cache: read by the journal's threads, decoded by the system's. */
final class BlockLoader {
    private static final int DECODED_AT_A_TIME = 4;
    private static final int MAX_BLOCKS = 256;
    private static final int MIN_BLOCKS = 2;

    /** Bytes of a block from which on decoding it takes longer than handing it to another thread. */
    private static final int WORTH_A_THREAD = 8 << 10;

    private final ActorSystem system;
    private final BlockReader reader;
    private final BlockCache cache;
    private final MemoryBudget.Share share;
    private final JournalMetrics metrics;
    private final Turns turns;
    private final long targetBytes;
    private volatile long usualBytes = 64 << 10;

    BlockLoader(
            ActorSystem system,
            BlockReader reader,
            BlockCache cache,
            MemoryBudget.Share share,
            long targetBytes,
            Turns turns,
            JournalMetrics metrics) {
        this.system = system;
        this.reader = reader;
        this.cache = cache;
        this.share = share;
        this.targetBytes = targetBytes;
        this.turns = turns;
        this.metrics = metrics;
    }

    /** How many blocks one load should bring: fewer when many wait for theirs. */
    int blocksPerLoad() {
        long fitting = targetBytes / usualBytes / (1 + turns.waiting());
        return (int) Math.max(MIN_BLOCKS, Math.min(MAX_BLOCKS, fitting));
    }

    /** Whether a load would begin at once. */
    boolean hasRoom() {
        return turns.hasRoom();
    }

    /** Fills claimed slots of neighbouring numbers, in order. */
    void load(List<BlockCache.Slot> slots) {
        turns.run(() -> new Load(slots).run());
    }

    /** One load under way. */
    private final class Load {
        private final List<BlockCache.Slot> slots;
        private int filled;
        private long bytes;

        Load(List<BlockCache.Slot> slots) {
            this.slots = slots;
        }

        CompletionStage<Done> run() {
            long from = slots.get(0).sequenceNr();
            long to = slots.get(slots.size() - 1).sequenceNr();
            return rows(from, to)
                    .mapAsync(DECODED_AT_A_TIME, this::ready)
                    .takeWhile(this::take)
                    .runWith(Sink.ignore(), system)
                    .whenComplete((done, failure) -> end(to, failure));
        }

        /** One alone is damaged where the database cannot read it; with others, they are asked for one by one then. */
        private Source<BlockReader.Row, NotUsed> rows(long from, long to) {
            return from < to
                    ? reader.rows(from, to)
                    : Source.completionStage(reader.rowOrDamage(from))
                            .mapConcat(row -> row.stream().toList());
        }

        private CompletionStage<Ready> ready(BlockReader.Row row) {
            return row.stored() instanceof JournaledBlock block && block.bytes().length > WORTH_A_THREAD
                    ? CompletableFuture.supplyAsync(
                            () -> new Ready(row.sequenceNr(), row.decode()), system.dispatcher())
                    : CompletableFuture.completedFuture(new Ready(row.sequenceNr(), row.decode()));
        }

        /** Fills the slot of a block, and those of gone ones before it; says whether to go on. */
        private boolean take(Ready ready) {
            while (slots.get(filled).sequenceNr() < ready.sequenceNr) {
                cache.fill(slots.get(filled++), new BlockCache.Elsewhere(ready.sequenceNr));
            }
            cache.fill(slots.get(filled++), found(ready));
            share.enforce();
            return bytes < targetBytes;
        }

        private BlockCache.Found found(Ready ready) {
            if (ready.decoded instanceof Decoded.Whole whole) {
                Held held = new Held(whole.block(), share);
                bytes += held.bytes();
                usualBytes = Math.max(256, (7 * usualBytes + held.bytes()) / 8);
                metrics.blockLoaded();
                return new BlockCache.Whole(held);
            }
            metrics.blockDamaged();
            return new BlockCache.Broken((Damaged) ready.decoded);
        }

        /** Whoever waits for a slot that was not filled asks again, beginning with that one alone if the journal failed. */
        private void end(long to, Throwable failure) {
            boolean all = failure == null && bytes < targetBytes;
            if (failure != null && filled == 0 && slots.size() == 1) {
                cache.fail(slots.get(filled++), failure);
            } else if (failure != null && filled < slots.size()) {
                load(List.of(slots.get(filled++)));
            }
            while (filled < slots.size()) {
                BlockCache.Slot slot = slots.get(filled++);
                cache.fill(slot, new BlockCache.Elsewhere(all ? to + 1 : slot.sequenceNr()));
            }
        }
    }

    private record Ready(long sequenceNr, Decoded decoded) {}
}
