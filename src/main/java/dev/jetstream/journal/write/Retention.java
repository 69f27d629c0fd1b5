package dev.jetstream.journal.write;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.journal.codec.BlockHeader;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.dispatch.Dispatchers;

/**
 * Deletes the oldest blocks, by age and by size, but never the newest one. It goes in steps with a rest as long as the step
 * between two, since writes wait for each; and it makes a step smaller that took too long.
 */
public final class Retention {
    private static final int MAX_BLOCKS_PER_STEP = 200;
    private static final int FIRST_BLOCKS_PER_STEP = 50;
    private static final long LONG_STEP_NANOS = Duration.ofMillis(20).toNanos();
    private static final long SHORT_STEP_NANOS = Duration.ofMillis(5).toNanos();

    private final ActorSystem system;
    private final JournalConfig config;
    private final WriteSide writes;
    private final JournaledBlockLog log;
    private final BlockReader reader;
    private final JournalStore store;
    private final RetentionClock clock;
    private final JournalMetrics metrics;
    private final RetentionFailures failures;
    private final Executor blocking;
    private CompletableFuture<Done> underWay = CompletableFuture.completedFuture(Done.getInstance());
    private Cancellable timer = Cancellable.alreadyCancelled();
    private volatile boolean stopped;
    private volatile long oldestTimeUs;
    private volatile long sizeOnDisk;
    /** Why nothing can be deleted any more; null: it can. */
    private volatile Throwable damage;

    private int blocksPerStep = FIRST_BLOCKS_PER_STEP;

    public Retention(
            ActorSystem system,
            JournalConfig config,
            WriteSide writes,
            JournaledBlockLog log,
            BlockReader reader,
            JournalStore store,
            RetentionClock clock,
            LongSupplier nanoTime,
            JournalMetrics metrics) {
        this.system = system;
        this.config = config;
        this.writes = writes;
        this.log = log;
        this.reader = reader;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
        failures = new RetentionFailures(store, () -> writes.state().upstream().seqs(), nanoTime);
        blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
        sizeOnDisk = store.sizeOnDisk();
    }

    /** Looks from now on, again and again. */
    public void start() {
        Duration interval = config.retentionInterval();
        timer = system.scheduler().scheduleWithFixedDelay(Duration.ZERO, interval, this::look, system.dispatcher());
    }

    /** Looks no more; completed when the last look is over, which ends with the step that it is at. */
    public CompletionStage<Done> stop() {
        stopped = true;
        timer.cancel();
        return idle();
    }

    /** Unix microseconds of the oldest event, as of the last look; 0: none. */
    public long oldestTimeUs() {
        return oldestTimeUs;
    }

    /** Bytes on disk, as of the last look: who asks must not wait for a database, nor fail with it. */
    public long sizeOnDisk() {
        return sizeOnDisk;
    }

    /** One look, unless one is under way; completed when all is deleted that was due. */
    public synchronized CompletionStage<Done> look() {
        if (!stopped && underWay.isDone()) {
            underWay = CompletableFuture.runAsync(log::tidy, blocking)
                    .thenCompose(tidied -> deleteDue())
                    .handle((deleted, failure) -> failure)
                    .thenCompose(this::tidyUp)
                    .exceptionally(this::failed);
        }
        return underWay;
    }

    /** Completed when no look is under way. */
    public synchronized CompletionStage<Done> idle() {
        return underWay;
    }

    /** Whether or not all was deleted: how much there is on disk is told, above all where it grows. */
    private CompletionStage<Done> tidyUp(Throwable failure) {
        if (damage == null && StorageDamage.is(failure)) {
            damage = failure;
        }
        return giveBack().thenCompose(given -> tell()).thenApply(told -> {
            if (failure != null) {
                throw new CompletionException(failure);
            }
            failures.succeeded();
            return told;
        });
    }

    private Done failed(Throwable failure) {
        if (!stopped) {
            metrics.retentionFailed();
            failures.failed(failure);
        }
        return Done.getInstance();
    }

    /**
     * Where the journal is damaged it is not tried again: that would fail for ever, and enough failures in a row make the plugin
     * refuse writes, too.
     */
    private CompletionStage<Done> deleteDue() {
        if (damage != null) {
            return CompletableFuture.failedFuture(damage);
        }
        return dueTo().thenCompose(due -> {
            long oldest = log.oldest();
            long to = Math.min(Math.min(due, log.tip() - 1), oldest + blocksPerStep - 1);
            if (oldest == 0 || to < oldest || stopped) {
                return CompletableFuture.completedFuture(Done.getInstance());
            }
            long begun = System.nanoTime();
            return writes.delete(to).thenCompose(deleted -> {
                long nanos = System.nanoTime() - begun;
                log.goneBelow(to + 1);
                metrics.deleted(to - oldest + 1, nanos / 1e9);
                adapt(nanos);
                return rest(nanos).thenCompose(rested -> deleteDue());
            });
        });
    }

    private void adapt(long nanos) {
        if (nanos > LONG_STEP_NANOS) {
            blocksPerStep = Math.max(1, blocksPerStep / 2);
        } else if (nanos < SHORT_STEP_NANOS) {
            blocksPerStep = Math.min(MAX_BLOCKS_PER_STEP, 2 * blocksPerStep);
        }
    }

    /** Number of the last block that is too old, or too much. */
    private CompletionStage<Long> dueTo() {
        long cutoff = clock.nowUs() - TimeUnit.MICROSECONDS.convert(config.eventTtl());
        return log.find(cutoff).thenCombine(tooMuch(), (firstKept, tooMuch) -> Math.max(firstKept - 1, tooMuch));
    }

    private CompletionStage<Long> tooMuch() {
        if (config.maxSizeBytes() == 0) {
            return CompletableFuture.completedFuture(0L);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    long used = store.usedBytes();
                    double excess = (double) (used - config.maxSizeBytes()) / used;
                    long blocks = log.tip() - log.oldest() + 1;
                    return log.oldest() - 1 + Math.max(0, (long) Math.ceil(excess * blocks));
                },
                blocking);
    }

    private CompletionStage<Done> giveBack() {
        long begun = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> !stopped && store.giveBackSpace(), blocking)
                .thenCompose(more -> more
                        ? rest(System.nanoTime() - begun).thenCompose(rested -> giveBack())
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    private CompletionStage<Done> rest(long nanos) {
        return CompletableFuture.supplyAsync(
                Done::getInstance, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, blocking));
    }

    private CompletionStage<Done> tell() {
        long oldest = log.oldest();
        return reader.header(oldest).thenApply(header -> {
            oldestTimeUs = header.map(BlockHeader::firstTimeUs).orElse(0L);
            sizeOnDisk = store.sizeOnDisk();
            metrics.onDisk(sizeOnDisk, oldestTimeUs);
            return Done.getInstance();
        });
    }
}
