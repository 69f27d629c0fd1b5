package dev.jetstream.journal;

import dev.jetstream.config.JournalConfig;
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
import dev.jetstream.journal.write.WriteSide;
import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.RecoveryTimedOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open journal: its reading side for subscribers, its writing side and retention for ingest. Any thread. */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final ActorSystem system;
    private final JournalStore store;
    private final BlockReader reader;
    private final JournaledBlockLog log;
    private final WriteSide writes;
    private final Retention retention;
    private final CompletionStage<Done> released;

    private Journal(
            ActorSystem system,
            JournalStore store,
            JournalConfig config,
            JournalMetrics metrics,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        this.system = system;
        this.store = store;
        reader = new BlockReader(system);
        log = new JournaledBlockLog(
                system, reader, store.place(), config.onDamage(), config.memoryBudgetBytes(), metrics);
        JournalEnd end = new JournalEnd(system, reader, store.place(), config.onDamage(), wallUs);
        writes = new WriteSide(system, store, end, log, metrics);
        retention = new Retention(system, config, log, reader, store, wallUs, nanoTime, writes::state, metrics);
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
        return opening.thenComposeAsync(
                store -> start(system, store, config, metrics, wallUs, nanoTime), blocking(system));
    }

    private static CompletionStage<Journal> start(
            ActorSystem system,
            JournalStore store,
            JournalConfig config,
            JournalMetrics metrics,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        Journal journal;
        try {
            journal = new Journal(system, store, config, metrics, wallUs, nanoTime);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
        return journal.writes
                .start()
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
                        blocking(system));
    }

    /**
     * Whether a failure of the writing side is one of the disk, the database or the connection to it, and so may pass by itself.
     * Any other is a bug, or somebody must act.
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

    /** Where the journal ends. */
    public JournalState state() {
        return writes.state();
    }

    private static Executor blocking(ActorSystem system) {
        return system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    }

    /** The writing side, for the one actor that ingests. */
    public WriteSide writes() {
        return writes;
    }

    /** Bytes on disk at this moment. */
    public long sizeOnDisk() {
        return store.sizeOnDisk();
    }

    /** Rows read from the journal so far. */
    public long rowsRead() {
        return reader.rowsRead();
    }

    /** Deletes old blocks. */
    public Retention retention() {
        return retention;
    }

    /** The reading side. */
    public BlockLog log() {
        return log;
    }

    /** Starts to bring the newest blocks into memory, for clients that come back after a restart. */
    public CompletionStage<Done> warm() {
        return log.warm();
    }

    /** The journal's state, for reports. Never waits. */
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

    /** Completed when the actor system has ended and the lock is released. */
    public CompletionStage<Done> released() {
        return released;
    }
}
