package dev.jetstream.journal.read;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.BlockReader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;

/**
 * A binary search for a time over the journal, whose blocks are in order of time. It probes the roundest number of what is left
 * instead of the middle, so that all searches probe the same blocks, whatever retention has deleted, and share the results.
 */
final class TimeSearch {
    private static final int PROBES_KEPT = 4096;

    /** How far above a block that is damaged or gone a probe looks for another one. */
    private static final int FARTHEST = 1 << 16;

    private static final Probe NOTHING = new Probe(Long.MAX_VALUE, Long.MAX_VALUE);

    private final BlockReader reader;
    private final LongFunction<EventBlock> held;
    private final AsyncSemaphore reads;
    private final AsyncCache<Long, Probe> probes = Caffeine.newBuilder()
            .maximumSize(PROBES_KEPT)
            .executor(Runnable::run)
            .buildAsync();

    /** A whole block at or after the number that was probed. */
    private record Probe(long sequenceNr, long lastTimeUs) {}

    /** @param held asked first: the block of a number, or null */
    TimeSearch(BlockReader reader, LongFunction<EventBlock> held, AsyncSemaphore reads) {
        this.reader = reader;
        this.held = held;
        this.reads = reads;
    }

    /** Number of the first block from {@code low} to before {@code high} that ends at or after a time; else {@code high}. */
    CompletionStage<Long> find(long timeUs, long low, long high) {
        return narrow(timeUs, low, high).thenApply(found -> Math.min(found, high));
    }

    private CompletionStage<Long> narrow(long timeUs, long low, long high) {
        if (low >= high) {
            return CompletableFuture.completedFuture(low);
        }
        long number = roundest(low, high);
        return probe(number)
                .thenCompose(found -> found.lastTimeUs >= timeUs
                        ? narrow(timeUs, low, number)
                        : narrow(timeUs, found.sequenceNr + 1, high));
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
                ? CompletableFuture.completedFuture(new Probe(number, block.lastTimeUs()))
                : probes.get(number, (key, executor) -> reads.run(() -> read(number, 0)));
    }

    /** A damaged page of the database may hold many blocks, so the distance doubles. */
    private CompletionStage<Probe> read(long number, long distance) {
        return reader.rowOrDamage(number + distance).thenCompose(row -> {
            if (row.isPresent() && row.get().stored() instanceof JournaledBlock block) {
                return CompletableFuture.completedFuture(
                        new Probe(number + distance, block.header().lastTimeUs()));
            }
            return distance > FARTHEST
                    ? CompletableFuture.completedFuture(NOTHING)
                    : read(number, Math.max(1, 2 * distance));
        });
    }
}
