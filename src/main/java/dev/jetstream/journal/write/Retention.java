package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.journal.codec.JournaledBlock;
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
 * Deletes the oldest blocks, by age and by size, but never the newest one. Writes wait for a deletion, so it deletes in steps,
 * makes them smaller if they take long, and pauses after each for as long as it took. One run at a time.
 */
public final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final int MAX_BLOCKS_PER_STEP = 200;
    private static final int FIRST_BLOCKS_PER_STEP = 50;
    private static final long LONG_STEP_NANOS = Duration.ofMillis(20).toNanos();
    private static final long SHORT_STEP_NANOS = Duration.ofMillis(5).toNanos();
    private static final long LOG_INTERVAL_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final CompletionStage<Done> DONE = CompletableFuture.completedFuture(Done.getInstance());

    private final JournalConfig config;
    private final Supplier<JournalEnd> end;
    private final JournaledBlockLog log;
    private final BlockReader reader;
    private final JournalStore store;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final JournalMetrics metrics;
    private final Executor blocking;
    private volatile boolean stopped;
    private volatile long oldestTimeUs;
    private volatile long sizeOnDisk;
    /** Why nothing can be deleted any more; null if it can. */
    private volatile Throwable damage;

    private int blocksPerStep = FIRST_BLOCKS_PER_STEP;
    private String loggedReason = "";
    private long loggedNanos;
    private long unlogged;

    /**
     * @param wallUs unix microseconds; may jump
     * @param nanoTime never jumps
     * @param end where the journal ends
     */
    public Retention(
            ActorSystem system,
            JournalConfig config,
            JournaledBlockLog log,
            BlockReader reader,
            JournalStore store,
            LongSupplier wallUs,
            LongSupplier nanoTime,
            Supplier<JournalEnd> end,
            JournalMetrics metrics) {
        this.config = config;
        this.log = log;
        this.reader = reader;
        this.store = store;
        this.nanoTime = nanoTime;
        this.end = end;
        this.metrics = metrics;
        clock = new Clock(wallUs, nanoTime);
        blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
        sizeOnDisk = store.sizeOnDisk();
    }

    /**
     * The time that decides what is too old. It is the wall clock, unless that jumps ahead while the server runs: then it follows
     * at twice the pace of real time, or at once as far as the relay's frames confirm the jump. So a clock that is set wrong does
     * not empty the journal at once, and neither downtime nor a suspended machine keeps anything for longer than configured. Not
     * thread-safe.
     */
    static final class Clock {
        private static final long PACE = 2;
        private static final long NANOS_PER_MICRO = 1000;

        private final LongSupplier wallUs;
        private final LongSupplier nanoTime;
        private long nowUs;
        private long lastNanos;

        Clock(LongSupplier wallUs, LongSupplier nanoTime) {
            this.wallUs = wallUs;
            this.nanoTime = nanoTime;
            nowUs = wallUs.getAsLong();
            lastNanos = nanoTime.getAsLong();
        }

        /**
         * Unix microseconds.
         *
         * @param relayUs time of the newest frame by the relay's clock; 0: none yet
         */
        long nowUs(long relayUs) {
            long nanos = nanoTime.getAsLong();
            long steadyUs = nowUs + PACE * (nanos - lastNanos) / NANOS_PER_MICRO;
            nowUs = Math.min(wallUs.getAsLong(), Math.max(steadyUs, relayUs));
            lastNanos = nanos;
            return nowUs;
        }
    }

    /** The time between two runs. */
    public Duration interval() {
        return config.retentionInterval();
    }

    /** Unix microseconds of the oldest event after the last run; 0: none. */
    public long oldestTimeUs() {
        return oldestTimeUs;
    }

    /** Bytes on disk after the last run. */
    public long sizeOnDisk() {
        return sizeOnDisk;
    }

    /** Ends a run in progress after its current step, and makes later ones do nothing. */
    public void stop() {
        stopped = true;
    }

    /**
     * Deletes everything that is due.
     *
     * @param relayUs time of the newest frame by the relay's clock, unix microseconds; 0: none yet
     * @return completes when that is done or has failed; a failure is logged and counted
     */
    public CompletionStage<Done> run(ActorRef writer, long relayUs) {
        long cutoffUs = clock.nowUs(relayUs) - TimeUnit.MICROSECONDS.convert(config.eventTtl());
        return CompletableFuture.runAsync(log::tidy, blocking)
                .thenCompose(tidied -> deleteDue(writer, cutoffUs))
                .handle((deleted, failure) -> failure)
                .thenCompose(this::finish)
                .exceptionally(this::failed);
    }

    /** Also measures the size after a failure, since then it grows. */
    private CompletionStage<Done> finish(Throwable failure) {
        if (damage == null && StorageDamage.is(failure)) {
            damage = failure;
        }
        return giveBackSpace().thenCompose(given -> measure()).thenApply(measured -> {
            if (failure != null) {
                throw new CompletionException(failure);
            }
            if (!loggedReason.isEmpty()) {
                LOG.info("old events are deleted again place={}", store.place());
                loggedReason = "";
                unlogged = 0;
            }
            return measured;
        });
    }

    /** Fails at once if the journal is damaged: after several failures in a row the plugin would refuse writes, too. */
    private CompletionStage<Done> deleteDue(ActorRef writer, long cutoffUs) {
        if (damage != null) {
            return CompletableFuture.failedFuture(damage);
        }
        return lastDue(cutoffUs).thenCompose(due -> {
            long oldest = log.oldest();
            long to = Math.min(Math.min(due, log.tip() - 1), oldest + blocksPerStep - 1);
            if (oldest == 0 || to < oldest || stopped) {
                return DONE;
            }
            long startNanos = System.nanoTime();
            return Patterns.ask(writer, new JournalWriter.Delete(to), WriteSide.ANSWER)
                    .thenCompose(deleted -> {
                        long nanos = System.nanoTime() - startNanos;
                        metrics.deleted(to - oldest + 1, nanos / 1e9);
                        adaptStep(nanos);
                        return pause(nanos).thenCompose(paused -> deleteDue(writer, cutoffUs));
                    });
        });
    }

    private void adaptStep(long nanos) {
        if (nanos > LONG_STEP_NANOS) {
            blocksPerStep = Math.max(1, blocksPerStep / 2);
        } else if (nanos < SHORT_STEP_NANOS) {
            blocksPerStep = Math.min(MAX_BLOCKS_PER_STEP, 2 * blocksPerStep);
        }
    }

    /** Number of the last block that is too old or over the maximum size. */
    private CompletionStage<Long> lastDue(long cutoffUs) {
        CompletionStage<Long> tooOld = log.find(cutoffUs).thenApply(firstKept -> firstKept - 1);
        return config.maxSizeBytes() == 0
                ? tooOld
                : tooOld.thenCombineAsync(DONE, (age, done) -> Math.max(age, lastOverSize()), blocking);
    }

    private long lastOverSize() {
        long used = store.usedBytes();
        double excess = (double) (used - config.maxSizeBytes()) / used;
        long blocks = log.tip() - log.oldest() + 1;
        return log.oldest() - 1 + Math.max(0, (long) Math.ceil(excess * blocks));
    }

    private CompletionStage<Done> giveBackSpace() {
        long startNanos = System.nanoTime();
        return CompletableFuture.supplyAsync(() -> !stopped && store.giveBackSpace(), blocking)
                .thenCompose(more ->
                        more ? pause(System.nanoTime() - startNanos).thenCompose(paused -> giveBackSpace()) : DONE);
    }

    private CompletionStage<Done> pause(long nanos) {
        return CompletableFuture.supplyAsync(
                Done::getInstance, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, blocking));
    }

    private CompletionStage<Done> measure() {
        return reader.header(log.oldest()).thenApply(header -> {
            oldestTimeUs = header.map(JournaledBlock.Header::firstTimeUs).orElse(0L);
            sizeOnDisk = store.sizeOnDisk();
            metrics.onDisk(sizeOnDisk, oldestTimeUs);
            return Done.getInstance();
        });
    }

    /** Logs a reason when it is new and then once an hour: runs come every few seconds. */
    private Done failed(Throwable failure) {
        if (stopped) {
            return Done.getInstance();
        }
        metrics.retentionFailed();
        unlogged++;
        String reason = Text.reason(failure);
        long now = nanoTime.getAsLong();
        if (reason.equals(loggedReason) && now - loggedNanos < LOG_INTERVAL_NANOS) {
            return Done.getInstance();
        }
        if (StorageDamage.is(failure)) {
            LOG.error(
                    "old events cannot be deleted, and the journal grows: it is damaged; restore it from a copy, or stop"
                            + " the server, {} and start once with --override-relay-cursor {} place={} reason={} times={}",
                    store.putAside(),
                    end.get().upstream().seqs(),
                    store.place(),
                    reason,
                    unlogged);
        } else {
            LOG.warn(
                    "old events cannot be deleted now, will retry place={} reason={} times={}",
                    store.place(),
                    reason,
                    unlogged);
        }
        loggedReason = reason;
        loggedNanos = now;
        unlogged = 0;
        return Done.getInstance();
    }
}
