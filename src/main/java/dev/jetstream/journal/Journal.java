package dev.jetstream.journal;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.read.TipFeed;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.StorageDamage;
import dev.jetstream.journal.write.JournalEnd;
import dev.jetstream.journal.write.Retention;
import dev.jetstream.journal.write.WriteSide;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.CircuitBreakerOpenException;
import org.apache.pekko.persistence.RecoveryTimedOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An open journal: its reading side for subscribers, its writing side and retention for ingest. Any thread. */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    private final JournalStore store;
    private final BlockReader reader;
    private final JournaledBlockLog log;
    private final WriteSide writes;
    private final Retention retention;
    private final CompletionStage<Done> released;

    /**
     * The state of the journal, for reports.
     *
     * @param writeFailure why the last write failed; empty if it succeeded
     * @param sizeBytes bytes on disk after retention's last run
     * @param oldestTimeUs unix microseconds of the oldest event after the last run; 0: none
     * @param newestTimeUs unix microseconds of the newest event; 0: none
     * @param blocks number of blocks
     */
    public record Status(String writeFailure, long sizeBytes, long oldestTimeUs, long newestTimeUs, long blocks) {
        /** Whether the last write succeeded; true before the first. */
        public boolean writable() {
            return writeFailure.isEmpty();
        }
    }

    private Journal(
            ActorSystem system,
            JournalStore store,
            JournalConfig config,
            JournalMetrics metrics,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        this.store = store;
        reader = new BlockReader(system);
        TipFeed.Local feed = new TipFeed.Local();
        log = new JournaledBlockLog(
                system, reader, feed, store.place(), config.onDamage(), config.memoryBudgetBytes(), metrics);
        JournalEnd.Reader end = new JournalEnd.Reader(system, reader, store.place(), config.onDamage(), wallUs);
        writes = new WriteSide(
                system,
                store,
                end,
                log,
                feed,
                metrics,
                config.databaseUrl().isEmpty() ? Optional.of(config.dataDir()) : Optional.empty());
        retention = new Retention(system, config, log, reader, store, wallUs, nanoTime, writes::end, metrics);
        released = system.getWhenTerminated().thenApply(ended -> {
            store.close();
            return Done.getInstance();
        });
    }

    /** Takes the lock and checks the files while the actor system is still being made. */
    public static Prepared prepare(JournalConfig config) {
        return new Prepared(config, CompletableFuture.supplyAsync(() -> JournalStore.open(config)));
    }

    /** As {@link #prepare}, for one of several servers with the same PostgreSQL journal, one of which writes. */
    public static Prepared prepareShared(JournalConfig config) {
        return new Prepared(config, CompletableFuture.supplyAsync(() -> JournalStore.openShared(config)));
    }

    /** A journal whose lock is taken. If it cannot be used, {@link #open} fails with the reason. */
    public static final class Prepared {
        private final JournalConfig config;
        private final CompletableFuture<JournalStore> opening;

        private Prepared(JournalConfig config, CompletableFuture<JournalStore> opening) {
            this.config = config;
            this.opening = opening;
        }

        /** Releases the lock of a journal that will not be opened. Blocks. */
        public void release() {
            opening.thenAccept(JournalStore::close)
                    .handle((released, failure) -> released)
                    .join();
        }

        /**
         * Opens the configured journal, and creates it if it does not exist. The time this takes does not depend on its length.
         * Call once.
         *
         * @param system has the settings {@link JournalPluginConfig#of} the same configuration
         * @param wallUs unix microseconds; may jump
         * @return fails with {@link JournalException} if the journal cannot be used
         */
        public CompletionStage<Journal> open(ActorSystem system, JournalMetrics metrics, LongSupplier wallUs) {
            return open(system, metrics, wallUs, System::nanoTime);
        }

        CompletionStage<Journal> open(
                ActorSystem system, JournalMetrics metrics, LongSupplier wallUs, LongSupplier nanoTime) {
            return opening.thenComposeAsync(
                    store -> start(system, store, config, metrics, wallUs, nanoTime),
                    system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()));
        }
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
                        (end, failure) -> journal.opened(end, failure),
                        system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId()));
    }

    private Journal opened(JournalEnd end, Throwable failure) {
        if (failure != null) {
            JournalException refusal = StorageDamage.cannotBeOpened(store, reader, failure);
            store.close();
            throw refusal;
        }
        LOG.info(
                "journal open place={} blocks={} last={} seq={}",
                store.place(),
                status().blocks(),
                end.lastSequenceNr(),
                end.upstream().seqs());
        return this;
    }

    /**
     * Whether a failure of the writing side comes from the disk, the database or the connection to it, so that a retry can help.
     * Any other is a bug, or needs an operator.
     */
    public static boolean isOutage(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof RejectedExecutionException
                    || cause instanceof RecoveryTimedOut
                    || cause instanceof CircuitBreakerOpenException) {
                return true;
            }
        }
        return false;
    }

    /** Where the journal ends. */
    public JournalEnd end() {
        return writes.end();
    }

    /** The writing side, for the one actor that ingests. */
    public WriteSide writes() {
        return writes;
    }

    /** Deletes old blocks, for the same actor. */
    public Retention retention() {
        return retention;
    }

    /** The reading side. */
    public BlockLog log() {
        return log;
    }

    /** Bytes on disk now. */
    public long sizeOnDisk() {
        return store.sizeOnDisk();
    }

    /** Rows read from the journal so far. */
    public long rowsRead() {
        return reader.rowsRead();
    }

    /** Starts to load the newest blocks into memory, for clients that reconnect after a restart. */
    public CompletionStage<Done> warm() {
        return log.warm();
    }

    /** The journal's state, for reports. Never waits. */
    public Status status() {
        JournalEnd end = writes.end();
        long oldest = log.oldest();
        return new Status(
                writes.failure(),
                retention.sizeOnDisk(),
                retention.oldestTimeUs(),
                end.lastTimeUs(),
                oldest == 0 ? 0 : end.lastSequenceNr() - oldest + 1);
    }

    /** Completes when the actor system has ended and the lock is released. */
    public CompletionStage<Done> released() {
        return released;
    }
}
