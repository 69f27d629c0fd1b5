package dev.jetstream.journal.read;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.BlockReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * A binary search for a time or a running number over the journal, whose blocks are in order of both. It probes the roundest number
 * of what is left instead of the middle, so that all searches probe the same blocks, whatever retention has deleted, and share the
 * results.
 */
final class LogSearch {
    private static final int PROBES_KEPT = 4096;

    /** How far above a block that is damaged or gone a probe looks for another one. */
    private static final int FARTHEST = 1 << 16;

    private static final Probe NOTHING = new Probe(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private final BlockReader reader;
    private final LongFunction<EventBlock> held;
    private final AsyncSemaphore reads;
    private final AsyncCache<Long, Probe> probes = Caffeine.newBuilder()
            .maximumSize(PROBES_KEPT)
            .executor(Runnable::run)
            .buildAsync();

    /** A whole block at or after the number that was probed. */
    record Probe(long sequenceNr, long lastTimeUs, long firstSeq, long lastSeq) {
        static Probe of(EventBlock block) {
            return new Probe(block.sequenceNr(), block.lastTimeUs(), block.firstSeq(), block.lastSeq());
        }

        private static Probe of(JournaledBlock.Header header) {
            long firstSeq = header.firstOrdinal() + 1;
            return new Probe(header.sequenceNr(), header.lastTimeUs(), firstSeq, firstSeq + header.count() - 1);
        }
    }

    /** @param held asked first: the block of a number, or null */
    LogSearch(BlockReader reader, LongFunction<EventBlock> held, AsyncSemaphore reads) {
        this.reader = reader;
        this.held = held;
        this.reads = reads;
    }

    /**
     * Number of the first block from {@code low} to before {@code high} that ends at or after a value; else {@code high}.
     *
     * @param end what of a block is compared: its last time or running number
     */
    CompletionStage<Long> find(ToLongFunction<Probe> end, long value, long low, long high) {
        return narrow(end, value, low, high).thenApply(found -> Math.min(found, high));
    }

    private CompletionStage<Long> narrow(ToLongFunction<Probe> end, long value, long low, long high) {
        if (low >= high) {
            return CompletableFuture.completedFuture(low);
        }
        long number = roundest(low, high);
        return probe(number)
                .thenCompose(found -> end.applyAsLong(found) >= value
                        ? narrow(end, value, low, number)
                        : narrow(end, value, found.sequenceNr + 1, high));
    }

    /** Running number of the first event at or after the start of a block; {@link Long#MAX_VALUE} if nothing can be read there. */
    CompletionStage<Long> firstSeq(long sequenceNr) {
        return probe(sequenceNr).thenApply(Probe::firstSeq);
    }

    /** The number with the most trailing zeros, in binary, from {@code from} to before {@code to}. */
    static long roundest(long from, long to) {
        long below = from - 1;
        long last = to - 1;
        return last & -Long.highestOneBit(below ^ last);
    }

    private CompletableFuture<Probe> probe(long number) {
        EventBlock block = held.apply(number);
        return block != null
                ? CompletableFuture.completedFuture(Probe.of(block))
                : probes.get(number, (key, executor) -> reads.run(() -> read(number, 0)));
    }

    /** A damaged page of the database may hold many blocks, so the distance doubles. */
    private CompletionStage<Probe> read(long number, long distance) {
        return reader.rowOrDamage(number + distance).thenCompose(row -> {
            if (row.isPresent() && row.get().stored() instanceof JournaledBlock block) {
                return CompletableFuture.completedFuture(Probe.of(block.header()));
            }
            return distance > FARTHEST
                    ? CompletableFuture.completedFuture(NOTHING)
                    : read(number, Math.max(1, 2 * distance));
        });
    }
}
