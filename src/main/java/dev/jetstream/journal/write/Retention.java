package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
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
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.Patterns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the oldest blocks, by age and by size, but never the newest one. Since writes wait for each deletion, it deletes in
 * steps, makes them smaller when they take long, and pauses after each for as long as it took. One look at a time.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final int MAX_BLOCKS_PER_STEP = 200;
    private static final int FIRST_BLOCKS_PER_STEP = 50;
    private static final long LONG_STEP_NANOS = Duration.ofMillis(20).toNanos();
    private static final long SHORT_STEP_NANOS = Duration.ofMillis(5).toNanos();
    private static final long LOG_INTERVAL_NANOS = TimeUnit.HOURS.toNanos(1);

    private final JournalConfig config;
    private final Supplier<JournalState> state;
    private final JournaledBlockLog log;
    private final BlockReader reader;
    private final JournalStore store;
    private final RetentionClock clock;
    private final LongSupplier nanoTime;
    private final JournalMetrics metrics;
    private final Executor blocking;
    private volatile boolean stopped;
    private volatile long oldestTimeUs;
    private volatile long sizeOnDisk;
    /** Why nothing can be deleted any more; null: it can. */
    private volatile Throwable damage;

    private int blocksPerStep = FIRST_BLOCKS_PER_STEP;
    private String loggedReason = "";
    private long loggedNanos;
    private long unlogged;

    /**
     * @param wallUs unix microseconds; may jump
     * @param nanoTime never jumps
     * @param state where the journal ends
     */
    public Retention(
            ActorSystem system,
            JournalConfig config,
            JournaledBlockLog log,
            BlockReader reader,
            JournalStore store,
            LongSupplier wallUs,
            LongSupplier nanoTime,
            Supplier<JournalState> state,
            JournalMetrics metrics) {
        this.config = config;
        this.log = log;
        this.reader = reader;
        this.store = store;
        this.nanoTime = nanoTime;
        this.state = state;
        this.metrics = metrics;
        clock = new RetentionClock(wallUs, nanoTime);
        blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
        sizeOnDisk = store.sizeOnDisk();
    }

    /** From one look to the next. */
    public Duration interval() {
        return config.retentionInterval();
    }

    /** Unix microseconds of the oldest event, as of the last look; 0: none. */
    public long oldestTimeUs() {
        return oldestTimeUs;
    }

    /** Bytes on disk, as of the last look: a caller must not wait for a database, nor fail with it. */
    public long sizeOnDisk() {
        return sizeOnDisk;
    }

    /** Allows looks again after {@link #stop()}. */
    public void start() {
        stopped = false;
    }

    /** Makes a look in progress end after its current step. */
    public void stop() {
        stopped = true;
    }

    /**
     * Deletes all that is due.
     *
     * @param relayUs time of the newest frame by the relay's clock, unix microseconds; 0: none yet
     * @return completed when that is done or has failed, which is logged and counted
     */
    public CompletionStage<Done> look(ActorRef writer, long relayUs) {
        long cutoffUs = clock.nowUs(relayUs) - TimeUnit.MICROSECONDS.convert(config.eventTtl());
        return CompletableFuture.runAsync(log::tidy, blocking)
                .thenCompose(tidied -> deleteDue(writer, cutoffUs))
                .handle((deleted, failure) -> failure)
                .thenCompose(this::finish)
                .exceptionally(this::failed);
    }

    /** The size is measured even after a failure: that is when it grows. */
    private CompletionStage<Done> finish(Throwable failure) {
        if (damage == null && StorageDamage.is(failure)) {
            damage = failure;
        }
        return giveBackSpace().thenCompose(given -> measure()).thenApply(measured -> {
            if (failure != null) {
                throw new CompletionException(failure);
            }
            succeeded();
            return measured;
        });
    }

    /**
     * A damaged journal is not tried again: that would fail every time, and enough failures in a row make the plugin refuse
     * writes, too.
     */
    private CompletionStage<Done> deleteDue(ActorRef writer, long cutoffUs) {
        if (damage != null) {
            return CompletableFuture.failedFuture(damage);
        }
        return dueTo(cutoffUs).thenCompose(due -> {
            long oldest = log.oldest();
            long to = Math.min(Math.min(due, log.tip() - 1), oldest + blocksPerStep - 1);
            if (oldest == 0 || to < oldest || stopped) {
                return CompletableFuture.completedFuture(Done.getInstance());
            }
            long startNanos = System.nanoTime();
            return Patterns.ask(writer, new JournalWriter.Delete(to), WriteSide.ANSWER)
                    .thenCompose(deleted -> {
                        long nanos = System.nanoTime() - startNanos;
                        metrics.deleted(to - oldest + 1, nanos / 1e9);
                        adapt(nanos);
                        return pause(nanos).thenCompose(paused -> deleteDue(writer, cutoffUs));
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
    private CompletionStage<Long> dueTo(long cutoffUs) {
        return log.find(cutoffUs).thenCombine(tooMuch(), (firstKept, tooMuch) -> Math.max(firstKept - 1, tooMuch));
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

    private CompletionStage<Done> giveBackSpace() {
        long startNanos = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> !stopped && store.giveBackSpace(), blocking)
                .thenCompose(more -> more
                        ? pause(System.nanoTime() - startNanos).thenCompose(paused -> giveBackSpace())
                        : CompletableFuture.completedFuture(Done.getInstance()));
    }

    private CompletionStage<Done> pause(long nanos) {
        return CompletableFuture.supplyAsync(
                Done::getInstance, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, blocking));
    }

    private CompletionStage<Done> measure() {
        return reader.header(log.oldest()).thenApply(header -> {
            oldestTimeUs = header.map(BlockHeader::firstTimeUs).orElse(0L);
            sizeOnDisk = store.sizeOnDisk();
            metrics.onDisk(sizeOnDisk, oldestTimeUs);
            return Done.getInstance();
        });
    }

    /** A look comes every few seconds, a cause may last for hours: a reason is logged when it is new, and once an hour. */
    private Done failed(Throwable failure) {
        if (stopped) {
            return Done.getInstance();
        }
        metrics.retentionFailed();
        String reason = Text.reason(failure);
        long now = nanoTime.getAsLong();
        if (reason.equals(loggedReason) && now - loggedNanos < LOG_INTERVAL_NANOS) {
            unlogged++;
            return Done.getInstance();
        }
        if (StorageDamage.is(failure)) {
            LOG.error(
                    "old events cannot be deleted, and the journal grows: it is damaged; restore it from a copy, or stop"
                            + " the server, {} and start once with --override-relay-cursor {} place={} reason={} times={}",
                    store.putAside(),
                    state.get().upstream().seqs(),
                    store.place(),
                    reason,
                    unlogged + 1);
        } else {
            LOG.warn(
                    "old events cannot be deleted now, will retry place={} reason={} times={}",
                    store.place(),
                    reason,
                    unlogged + 1);
        }
        loggedReason = reason;
        loggedNanos = now;
        unlogged = 0;
        return Done.getInstance();
    }

    private void succeeded() {
        if (!loggedReason.isEmpty()) {
            LOG.info("old events are deleted again place={}", store.place());
            loggedReason = "";
            unlogged = 0;
        }
    }
}
