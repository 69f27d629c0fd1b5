package dev.jetstream.journal.read;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.StorageDamage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Finds the block of a time by binary search over the journal, which is in order of time. It probes the roundest number of what
 * is left, not the middle: so all searches probe the same blocks, whatever retention took away, and share what they found.
 */
final class TimeSearch {
    private static final int PROBES_KEPT = 4096;

    /** How far a probe looks behind a block that is damaged or gone. */
    private static final int LOOK_BEHIND = 16;

    private static final int FARTHEST = 1 << 16;

    private static final Probe NOTHING = new Probe(Long.MAX_VALUE, Long.MAX_VALUE);

    private final ActorSystem system;
    private final BlockReader reader;
    private final LongFunction<EventBlock> held;
    private final Turns turns;
    private final Cache<Long, CompletableFuture<Probe>> probes = Caffeine.newBuilder()
            .maximumSize(PROBES_KEPT)
            .executor(Runnable::run)
            .build();

    /** The first whole block at or behind the number that was probed. */
    private record Probe(long sequenceNr, long lastTimeUs) {}

    /** @param held asked first: the block of a number, or null */
    TimeSearch(ActorSystem system, BlockReader reader, LongFunction<EventBlock> held, Turns turns) {
        this.system = system;
        this.reader = reader;
        this.held = held;
        this.turns = turns;
    }

    /** Number of the first block from {@code low} to before {@code high} that ends at or after a time; else {@code high}. */
    CompletionStage<Long> find(long timeUs, long low, long high) {
        long from = low;
        long to = high;
        while (from < to) {
            long number = roundest(from, to);
            CompletableFuture<Probe> probe = probe(number);
            if (!probe.isDone()) {
                long rest = from;
                long end = to;
                return probe.thenCompose(found -> step(timeUs, rest, end, number, found));
            }
            if (probe.isCompletedExceptionally()) {
                return probe.thenApply(Probe::sequenceNr);
            }
            Probe found = probe.join();
            if (found.lastTimeUs >= timeUs) {
                to = number;
            } else {
                from = Math.max(number, found.sequenceNr) + 1;
            }
        }
        return CompletableFuture.completedFuture(Math.min(from, high));
    }

    private CompletionStage<Long> step(long timeUs, long from, long to, long number, Probe found) {
        return found.lastTimeUs >= timeUs
                ? find(timeUs, from, number)
                : find(timeUs, Math.max(number, found.sequenceNr) + 1, to);
    }

    /** The number with the most trailing zeros, in binary, from {@code from} to before {@code to}. */
    static long roundest(long from, long to) {
        long below = from - 1;
        long last = to - 1;
        return last & -Long.highestOneBit(below ^ last);
    }

    private CompletableFuture<Probe> probe(long number) {
        EventBlock block = held.apply(number);
        if (block != null) {
            return CompletableFuture.completedFuture(new Probe(number, block.lastTimeUs()));
        }
        CompletableFuture<Probe> shared = probes.get(number, key -> turns.run(() -> read(number)));
        shared.whenComplete((found, failure) -> {
            if (failure != null) {
                probes.asMap().remove(number, shared);
            }
        });
        return shared;
    }

    private CompletionStage<Probe> read(long number) {
        return firstWhole(number, number)
                .thenCompose(found -> found == NOTHING ? firstWhole(number + 1, number + LOOK_BEHIND) : done(found))
                .thenCompose(found -> found == NOTHING ? farther(number, 2 * LOOK_BEHIND) : done(found));
    }

    private static CompletionStage<Probe> done(Probe found) {
        return CompletableFuture.completedFuture(found);
    }

    /** A damaged page of the database may hold many blocks: single ones farther and farther behind. */
    private CompletionStage<Probe> farther(long number, long distance) {
        return distance > FARTHEST
                ? done(NOTHING)
                : firstWhole(number + distance, number + distance)
                        .thenCompose(found -> found == NOTHING ? farther(number, 2 * distance) : done(found));
    }

    private CompletionStage<Probe> firstWhole(long from, long to) {
        return reader.rows(from, to)
                .filter(row -> row.stored() instanceof JournaledBlock)
                .map(row -> new Probe(
                        row.sequenceNr(),
                        ((JournaledBlock) row.stored()).header().lastTimeUs()))
                .concat(Source.single(NOTHING))
                .runWith(Sink.head(), system)
                .exceptionally(TimeSearch::nothingIfDamaged);
    }

    private static Probe nothingIfDamaged(Throwable failure) {
        if (!StorageDamage.is(failure)) {
            throw failure instanceof CompletionException known ? known : new CompletionException(failure);
        }
        return NOTHING;
    }
}
