package dev.jetstream.journal;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import dev.jetstream.journal.write.JournalEnd;
import dev.jetstream.journal.write.JournalState;
import dev.jetstream.journal.write.Retention;
import dev.jetstream.journal.write.RetentionClock;
import dev.jetstream.journal.write.WriteSide;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.RecoveryTimedOut;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal, open: its writing side for ingest, its reading side for subscribers.
 *
 * <p>Ingest goes {@link #state()}, {@link #flow()}; and when that failed, {@link #resume()} until it succeeds, then
 * {@link #flow()} again. All methods may be called by any thread.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /** Longer than Pekko Persistence's own limits for a write and for a start, which say more when they are reached. */
    private static final Duration ANSWER = Duration.ofSeconds(35);

    private final ActorSystem system;
    private final JournalStore store;
    private final BlockReader reader;
    private final JournalEnd end;
    private final JournaledBlockLog log;
    private final WriteSide writes;
    private final CompletionStage<Done> released;
    private final JournalConfig config;
    private final JournalMetrics metrics;
    private volatile Retention retention;

    private Journal(
            ActorSystem system, JournalStore store, JournalConfig config, JournalMetrics metrics, LongSupplier wallUs) {
        this.config = config;
        this.metrics = metrics;
        this.system = system;
        this.store = store;
        reader = new BlockReader(system);
        end = new JournalEnd(system, reader, store.place(), config.onDamage(), wallUs);
        log = new JournaledBlockLog(
                system, reader, store.place(), config.onDamage(), config.memoryBudgetBytes(), metrics);
        writes = new WriteSide(system, log, metrics, ANSWER);
        released = system.getWhenTerminated().thenApply(ended -> {
            store.close();
            return Done.getInstance();
        });
    }

    /** Takes the lock and looks at the files already, while the actor system is still being made. */
    public static Prepared prepare(JournalConfig config) {
        return new Prepared(config, CompletableFuture.supplyAsync(() -> JournalStore.open(config)));
    }

    /** A journal whose lock is taken, or that cannot be used: then opening it says why. */
    public static final class Prepared {
        private final JournalConfig config;
        private final CompletableFuture<JournalStore> store;

        private Prepared(JournalConfig config, CompletableFuture<JournalStore> store) {
            this.config = config;
            this.store = store;
        }

        /** Releases the lock of a journal that will not be opened; waits until that is done. */
        public void release() {
            store.thenAccept(JournalStore::close)
                    .handle((released, failure) -> released)
                    .join();
        }

        /**
         * Opens the journal that is configured, made when absent. How long this takes does not depend on its length. To be called
         * once.
         *
         * @param system was made with {@link JournalPluginConfig#of} of the same configuration
         * @param wallUs unix microseconds; may jump
         * @return fails with {@link JournalException} if the journal cannot be used
         */
        public CompletionStage<Journal> open(
                ClassicActorSystemProvider system, JournalMetrics metrics, LongSupplier wallUs) {
            return Journal.open(system.classicSystem(), store, config, metrics, wallUs, System::nanoTime);
        }
    }

    /** The same in one go, with a clock more of the caller's: nanoseconds that never jump. */
    static CompletionStage<Journal> open(
            ActorSystem system,
            JournalConfig config,
            JournalMetrics metrics,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        CompletableFuture<JournalStore> store = CompletableFuture.supplyAsync(() -> JournalStore.open(config));
        return open(system, store, config, metrics, wallUs, nanoTime);
    }

    private static CompletionStage<Journal> open(
            ActorSystem system,
            CompletionStage<JournalStore> opening,
            JournalConfig config,
            JournalMetrics metrics,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        return opening.thenCompose(store -> start(system, store, config, metrics, wallUs))
                .thenApply(journal -> journal.retain(wallUs, nanoTime));
    }

    private Journal retain(LongSupplier wallUs, LongSupplier nanoTime) {
        RetentionClock clock = new RetentionClock(wallUs, nanoTime, state().lastTimeUs());
        retention = new Retention(system, config, writes, log, reader, store, clock, nanoTime, metrics);
        retention.start();
        return this;
    }

    private static CompletionStage<Journal> start(
            ActorSystem system, JournalStore store, JournalConfig config, JournalMetrics metrics, LongSupplier wallUs) {
        Journal journal;
        try {
            journal = new Journal(system, store, config, metrics, wallUs);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        return journal.resume()
                .handleAsync(
                        (state, failure) -> {
                            if (failure != null) {
                                JournalException refusal = StorageDamage.cannotBeOpened(store, journal.reader, failure);
                                store.close();
                                throw refusal;
                            }
                            LOG.info(
                                    "journal open place={} blocks={} last={} seq={}",
                                    store.place(),
                                    state.lastSequenceNr() == 0 ? 0 : state.lastSequenceNr() - journal.log.oldest() + 1,
                                    state.lastSequenceNr(),
                                    state.upstream().seqs());
                            return journal;
                        },
                        journal.blocking());
    }

    /**
     * Whether a failure of the flow, or of {@link #resume()}, is one of the disk, the database or the way to it: then the same
     * may work later. Any other is a bug, or wants somebody to act.
     */
    public static boolean isOutage(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SQLException
                    || at instanceof IOException
                    || at instanceof TimeoutException
                    || at instanceof RejectedExecutionException
                    || at instanceof RecoveryTimedOut
                    || at instanceof CircuitBreakerOpenException) {
                return true;
            }
        }
        return false;
    }

    /** Where the journal ends, as of now. */
    public JournalState state() {
        return writes.state();
    }

    /**
     * Reads from the journal where it ends, after all writes that were begun. To be called before a {@link #flow()} is run again:
     * a write that was reported as failed may have landed.
     *
     * @return fails when the journal cannot be read; try again later
     */
    public CompletionStage<JournalState> resume() {
        return writes.lastSequenceNr()
                .thenComposeAsync(this::readEnd, blocking())
                .thenApplyAsync(this::goOnAt, blocking());
    }

    /** The lock first: with it a lost connection to the database is made again, which is then asked. */
    private CompletionStage<JournalEnd.Found> readEnd(long last) {
        store.holdLock();
        return last == 0 ? CompletableFuture.completedFuture(JournalEnd.Found.EMPTY) : end.read(store.oldest(), last);
    }

    private JournalState goOnAt(JournalEnd.Found found) {
        log.standsAt(store.oldest(), found.newestWhole());
        writes.resumeAt(found.state());
        return found.state();
    }

    private Executor blocking() {
        return system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    }

    /**
     * Writes blocks, and gives out the same ones once they are durable and readable in {@link #log()}, in order. One is being
     * written while the next is encoded. It fails with a write, and with a block whose number is not the next one.
     */
    public Flow<EventBlock, EventBlock, NotUsed> flow() {
        return writes.flow();
    }

    /** Bytes on disk at this moment. */
    public long sizeOnDisk() {
        return store.sizeOnDisk();
    }

    /** Rows read from the journal so far. */
    public long rowsRead() {
        return reader.rowsRead();
    }

    /** What looks after old blocks. */
    public Retention retention() {
        return retention;
    }

    /** The journal, to read. */
    public BlockLog log() {
        return log;
    }

    /** Begins to bring the newest blocks into memory, for clients that come back after a restart. */
    public CompletionStage<Done> warm() {
        return log.warm();
    }

    /** How the journal fares. Never waits. */
    public JournalStatus status() {
        String failure = writes.failure();
        JournalState state = writes.state();
        long oldest = log.oldest();
        long blocks = oldest == 0 ? 0 : state.lastSequenceNr() - oldest + 1;
        return new JournalStatus(
                failure.isEmpty(),
                failure,
                retention.sizeOnDisk(),
                retention.oldestTimeUs(),
                state.lastTimeUs(),
                blocks);
    }

    /** Stops writing, when what was begun is done. The lock is released with the actor system's end: {@link #released()}. */
    public CompletionStage<Done> close() {
        return retention.stop().thenCompose(idle -> writes.close());
    }

    /** Completed when the actor system has ended and the lock is released. */
    public CompletionStage<Done> released() {
        return released;
    }
}
