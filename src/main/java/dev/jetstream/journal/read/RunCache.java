package dev.jetstream.journal.read;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.MemoLedger;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.codec.StoredBlock;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.StorageDamage;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Blocks that were read from the journal, in runs, each loaded once for all who ask. A run is as many neighbouring blocks as fit a
 * load, rounded down to a power of two and aligned to it. The run that was used least recently is evicted first: a replay uses each
 * run once, which a cache that counts how often something is used evicts at once. Any thread.
 */
final class RunCache {
    private static final Duration UNUSED = Duration.ofSeconds(30);
    private static final String DISPATCHER = "pekko.actor.subscriber-dispatcher";
    private static final int DECODED_AT_A_TIME = 4;

    /** Decoding fewer bytes takes less time than waking another thread for it. */
    private static final int MAX_DECODED_HERE = 8 << 10;

    /** Blocks of the longest run: 64, as many rows as one query returns. */
    private static final int MAX_SHIFT = 6;

    private final ActorSystem system;
    private final Executor executor;
    private final BlockReader reader;
    private final AsyncSemaphore reads;
    private final long bytesPerLoad;
    private final JournalMetrics metrics;
    private final Runnable onGrowth;
    private final AtomicLong bytes = new AtomicLong();
    private volatile int shift = 4;

    private final AsyncCache<Long, Run> runs = Caffeine.newBuilder()
            .expireAfterAccess(UNUSED)
            .executor(Runnable::run)
            .removalListener((Long key, Run run, RemovalCause cause) -> run.release())
            .buildAsync();

    /** @param onGrowth called, without a lock, when runs take more bytes than before */
    RunCache(
            ActorSystem system,
            BlockReader reader,
            AsyncSemaphore reads,
            long bytesPerLoad,
            JournalMetrics metrics,
            Runnable onGrowth) {
        this.system = system;
        this.reader = reader;
        this.reads = reads;
        this.bytesPerLoad = bytesPerLoad;
        this.metrics = metrics;
        this.onGrowth = onGrowth;
        executor = system.dispatchers().lookup(DISPATCHER);
    }

    /**
     * The first row at or after the number that was asked for, within its run.
     *
     * @param decoded null: there is none, and the search continues at {@code sequenceNr}
     */
    record Found(long sequenceNr, StoredBlock decoded) {}

    /** Bytes of all blocks here, with what they memoize. */
    long bytes() {
        return bytes.get();
    }

    /** Blocks here. */
    long blocks() {
        return runs.synchronous().asMap().values().stream()
                .mapToLong(run -> run.covered)
                .sum();
    }

    /** The block of a number, or null if it is not here. */
    EventBlock get(long sequenceNr) {
        CompletableFuture<Run> run = runs.getIfPresent(key(sequenceNr));
        return run != null && run.isDone() && !run.isCompletedExceptionally()
                ? run.join().block(sequenceNr)
                : null;
    }

    /**
     * Finds a row, and loads its run if necessary.
     *
     * @param last number of the newest block that can be loaded
     * @return fails if the journal cannot be read
     */
    CompletionStage<Found> read(long sequenceNr, long last) {
        long key = key(sequenceNr);
        CompletableFuture<Run> run = runs.getIfPresent(key);
        if (run == null) {
            metrics.cacheMiss();
            run = load(sequenceNr, last);
        } else {
            metrics.cacheHit();
        }
        CompletableFuture<Run> asked = run;
        return run.thenCompose(loaded -> {
            if (loaded.covers(sequenceNr)) {
                return CompletableFuture.completedFuture(loaded.find(sequenceNr));
            }
            runs.asMap().remove(key, asked);
            return read(sequenceNr, last);
        });
    }

    /** Loads the run of a number, unless that is here or being loaded. */
    private CompletableFuture<Run> load(long sequenceNr, long last) {
        int now = shift;
        long first = sequenceNr >> now << now;
        long end = Math.min(first + (1L << now) - 1, last);
        return runs.get(key(sequenceNr, now), (key, unused) -> reads.run(() -> query(first, end, now)));
    }

    /**
     * Loads the next run, at the first block of one, while there is a free read: a reader in sequence finds it loaded.
     *
     * @param wanted number of the newest block that is worth loading
     * @param last as for {@link #read}
     */
    void loadAhead(long sequenceNr, long wanted, long last) {
        long length = 1L << shift;
        if ((sequenceNr & length - 1) == 0 && sequenceNr + length <= wanted && reads.hasRoom()) {
            load(sequenceNr + length, last);
        }
    }

    /** Loads the run of a number; returns the number before it. */
    CompletionStage<Long> warm(long sequenceNr) {
        return load(sequenceNr, sequenceNr).thenApply(run -> run.first - 1);
    }

    /** Evicts the run that was used least recently; returns whether there was one. */
    boolean evictOldest() {
        return runs.synchronous()
                .policy()
                .expireAfterAccess()
                .orElseThrow()
                .oldest(entries -> entries.findFirst())
                .map(Policy.CacheEntry::getKey)
                .map(runs.synchronous().asMap()::remove)
                .isPresent();
    }

    /** Drops the runs that were not used for a while. */
    void cleanUp() {
        runs.synchronous().cleanUp();
    }

    private long key(long sequenceNr) {
        return key(sequenceNr, shift);
    }

    /** Runs of different lengths have different keys. */
    private static long key(long sequenceNr, int shift) {
        return sequenceNr >> shift << 3 | shift;
    }

    private CompletionStage<Run> query(long first, long last, int shift) {
        return fill(new Run(first, last, shift), reader.rows(first, last))
                .exceptionallyCompose(failure -> StorageDamage.is(failure)
                        ? fill(new Run(first, last, shift), oneByOne(first, last))
                        : CompletableFuture.failedFuture(failure))
                .thenApply(run -> {
                    adapt(run);
                    run.charge();
                    return run;
                });
    }

    /** A query fails as a whole if the database cannot read one of its rows. */
    private Source<BlockReader.Row, NotUsed> oneByOne(long first, long last) {
        return Source.fromJavaStream(() -> LongStream.rangeClosed(first, last).boxed())
                .mapAsync(1, reader::rowOrDamage)
                .mapConcat(row -> row.stream().toList());
    }

    private CompletionStage<Run> fill(Run run, Source<BlockReader.Row, NotUsed> rows) {
        return rows.mapAsync(DECODED_AT_A_TIME, this::decode)
                .takeWhile(run::add, true)
                .runWith(Sink.ignore(), system)
                .thenApply(done -> run);
    }

    private CompletionStage<Found> decode(BlockReader.Row row) {
        return row.stored() instanceof JournaledBlock block && block.bytes().length > MAX_DECODED_HERE
                ? CompletableFuture.supplyAsync(() -> new Found(row.sequenceNr(), row.decode()), executor)
                : CompletableFuture.completedFuture(new Found(row.sequenceNr(), row.decode()));
    }

    /** Shorter runs after one that was cut off, longer ones after a small one. */
    private void adapt(Run run) {
        if (run.shift != shift) {
            return;
        }
        if (run.isCutOff()) {
            shift = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(run.covered);
        } else if (run.rows.length == 1 << shift && run.bytes < bytesPerLoad / 4 && shift < MAX_SHIFT) {
            shift = run.shift + 1;
        }
    }

    /** Neighbouring blocks. It pays for what they memoize. */
    private final class Run implements MemoLedger {
        private final long first;
        private final int shift;
        private final StoredBlock[] rows;
        private int covered;
        private long bytes;
        private boolean isCharged;

        Run(long first, long last, int shift) {
            this.first = first;
            this.shift = shift;
            rows = new StoredBlock[(int) (last - first + 1)];
        }

        /** Adds a row; returns whether there is room for more. */
        boolean add(Found row) {
            covered = (int) (row.sequenceNr - first) + 1;
            rows[covered - 1] = row.decoded;
            if (row.decoded instanceof StoredBlock.Whole whole) {
                bytes += whole.block().weight();
                metrics.blockLoaded();
            } else {
                metrics.blockDamaged();
            }
            return bytes < bytesPerLoad;
        }

        /** Whether it ends before its last block, because of its size. */
        boolean isCutOff() {
            return bytes >= bytesPerLoad && covered < rows.length;
        }

        boolean covers(long sequenceNr) {
            return sequenceNr >= first && sequenceNr < first + covered;
        }

        EventBlock block(long sequenceNr) {
            return covers(sequenceNr) && rows[(int) (sequenceNr - first)] instanceof StoredBlock.Whole whole
                    ? whole.block()
                    : null;
        }

        Found find(long from) {
            int at = (int) (from - first);
            while (at < covered && rows[at] == null) {
                at++;
            }
            return new Found(first + at, at < covered ? rows[at] : null);
        }

        /** Starts to count. */
        void charge() {
            synchronized (this) {
                covered = isCutOff() ? covered : rows.length;
                isCharged = true;
                RunCache.this.bytes.addAndGet(bytes);
            }
            for (StoredBlock row : rows) {
                if (row instanceof StoredBlock.Whole whole) {
                    whole.block().chargeTo(this);
                }
            }
            onGrowth.run();
        }

        @Override
        public void charge(EventBlock block, long more) {
            synchronized (this) {
                if (!isCharged) {
                    return;
                }
                bytes += more;
                RunCache.this.bytes.addAndGet(more);
            }
            onGrowth.run();
        }

        /** Counts no more. Its blocks remain usable. */
        synchronized void release() {
            if (isCharged) {
                isCharged = false;
                RunCache.this.bytes.addAndGet(-bytes);
            }
        }
    }
}
