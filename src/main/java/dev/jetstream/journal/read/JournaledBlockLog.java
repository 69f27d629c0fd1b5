package dev.jetstream.journal.read;

import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.StoredBlock;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import dev.jetstream.journal.read.LogSearch.Probe;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToLongFunction;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;

/**
 * Recent blocks, which a {@link TipFeed} brings, and older ones from the journal, under one budget of bytes. It needs no writer in
 * its process.
 *
 * <pre>
 *   1 … gone │ oldest …… older, loaded in runs through the cache …… │ lowest …… recent …… tip
 * </pre>
 *
 * Over the budget, the oldest recent block is evicted first, unless cached runs take more than half: then the oldest of those.
 */
public final class JournaledBlockLog implements BlockLog {
    private static final int READS_AT_A_TIME = 4;
    private static final long MAX_BYTES_PER_LOAD = 4L << 20;
    private static final int LOADS_PER_BUDGET = 16;
    private static final int MAX_RUNS_WARMED = 64;

    private final String place;
    private final OnDamage onDamage;
    private final JournalMetrics metrics;
    private final long budgetBytes;
    private final RecentBlocks recent = new RecentBlocks(this::enforceBudget);
    private final RunCache cache;
    private final LogSearch search;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long oldest;
    private volatile long tip;

    /**
     * @param feed announces the blocks that are written from now on
     * @param place where the journal is, for messages
     * @param budgetBytes maximum bytes of blocks in memory
     */
    public JournaledBlockLog(
            ActorSystem system,
            BlockReader reader,
            TipFeed feed,
            String place,
            OnDamage onDamage,
            long budgetBytes,
            JournalMetrics metrics) {
        this.place = place;
        this.onDamage = onDamage;
        this.metrics = metrics;
        this.budgetBytes = budgetBytes;
        AsyncSemaphore reads = new AsyncSemaphore(READS_AT_A_TIME);
        long bytesPerLoad = Math.min(MAX_BYTES_PER_LOAD, budgetBytes / LOADS_PER_BUDGET);
        cache = new RunCache(system, reader, reads, bytesPerLoad, metrics, this::enforceBudget);
        search = new LogSearch(reader, this::inMemory, reads);
        feed.listen(this::onDurable);
    }

    private void enforceBudget() {
        boolean evicted = true;
        while (evicted && bytesInMemory() > budgetBytes) {
            evicted = cache.bytes() > budgetBytes / 2 && cache.evictOldest()
                    || recent.evictOldest()
                    || cache.evictOldest();
        }
        if (!evicted) {
            recent.forgetMemos();
        }
    }

    /** Sets the range of the journal, as the store has it: its oldest block, and its newest, 0 for none. */
    public void standsAt(long oldestNr, long newestNr) {
        oldest = oldestNr;
        tip = newestNr;
    }

    /**
     * Brings the newest blocks into memory, up to half the budget: clients that reconnect after a restart ask for those. What
     * cannot be read is left to later readers.
     */
    public CompletionStage<Done> warm() {
        return warm(tip, 0);
    }

    private CompletionStage<Done> warm(long newest, int runs) {
        if (newest < Math.max(1, oldest) || runs == MAX_RUNS_WARMED || cache.bytes() >= budgetBytes / 2) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return cache.warm(newest).exceptionally(failure -> 0L).thenCompose(below -> warm(below, runs + 1));
    }

    /** Old announcements are ignored; blocks of numbers that were left out are read from the store. */
    private synchronized void onDurable(long sequenceNr, EventBlock block) {
        if (sequenceNr <= tip) {
            return;
        }
        if (block != null) {
            recent.append(block);
        }
        if (oldest == 0) {
            oldest = tip + 1;
        }
        tip = sequenceNr;
        enforceBudget();
        listeners.forEach(Runnable::run);
    }

    /** All blocks below this number are gone. */
    public void goneBelow(long sequenceNr) {
        oldest = Math.max(oldest, sequenceNr);
    }

    /** Evicts what was not used for a while, and updates the metrics. */
    public void tidy() {
        cache.cleanUp();
        long count = Math.max(0, recent.highest() - recent.lowest() + 1);
        metrics.inMemory(count, recent.bytes(), cache.blocks(), cache.bytes());
    }

    /** Number of the oldest block; 0 if there is none. */
    public long oldest() {
        return oldest;
    }

    /** Bytes of blocks in memory, with what they memoize. */
    long bytesInMemory() {
        return recent.bytes() + cache.bytes();
    }

    @Override
    public void onNewBlocks(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public long tip() {
        return tip;
    }

    private EventBlock inMemory(long sequenceNr) {
        EventBlock block = recent.get(sequenceNr);
        return block != null || sequenceNr < oldest ? block : cache.get(sequenceNr);
    }

    @Override
    public EventBlock held(long sequenceNr) {
        EventBlock block = recent.get(sequenceNr);
        if (block != null || sequenceNr < oldest) {
            return block;
        }
        block = cache.get(sequenceNr);
        if (block != null) {
            metrics.cacheHit();
            cache.loadAhead(sequenceNr, lastOlder(), tip);
        }
        return block;
    }

    @Override
    public CompletionStage<EventBlock> read(long from) {
        long number = Math.max(from, oldest);
        if (number < 1 || number > tip) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no block " + from + " in a journal of " + oldest + " to " + tip));
        }
        EventBlock held = held(number);
        if (held != null) {
            return CompletableFuture.completedFuture(held);
        }
        CompletionStage<RunCache.Found> found = cache.read(number, tip);
        cache.loadAhead(number, lastOlder(), tip);
        return found.thenCompose(this::blockOf);
    }

    private CompletionStage<EventBlock> blockOf(RunCache.Found found) {
        long number = found.sequenceNr();
        if (found.decoded() instanceof StoredBlock.Whole whole) {
            return CompletableFuture.completedFuture(whole.block());
        }
        if (!(found.decoded() instanceof Damaged damage)) {
            return read(number);
        }
        if (onDamage == OnDamage.SKIP && number < tip) {
            return read(number + 1);
        }
        return CompletableFuture.failedFuture(new DamagedBlockException(
                number,
                "block " + number + " of journal " + place + " cannot be read: " + damage.reason()
                        + "; restore it from a copy, or set jetstream.journal.on-damage = skip to lose its events"));
    }

    /** The newest block that is not among the recent ones. */
    private long lastOlder() {
        return Math.min(tip, recent.lowest() <= recent.highest() ? recent.lowest() - 1 : tip);
    }

    @Override
    public CompletionStage<Long> find(long timeUs) {
        return find(Probe::lastTimeUs, EventBlock::firstTimeUs, timeUs);
    }

    @Override
    public CompletionStage<Long> findSeq(long seq) {
        return find(Probe::lastSeq, EventBlock::firstSeq, seq);
    }

    private CompletionStage<Long> find(ToLongFunction<Probe> end, ToLongFunction<EventBlock> start, long value) {
        long high = tip + 1;
        long low = Math.max(1, oldest);
        long lowestRecent = recent.lowest();
        EventBlock first = recent.get(lowestRecent);
        if (first != null) {
            if (start.applyAsLong(first) <= value) {
                low = Math.max(low, lowestRecent);
            } else {
                high = lowestRecent;
            }
        }
        return search.find(end, value, low, high).thenApply(found -> Math.max(found, oldest));
    }

    @Override
    public CompletionStage<SeqRange> seqs() {
        long newest = tip;
        long first = Math.max(1, oldest);
        if (first > newest) {
            return CompletableFuture.completedFuture(SeqRange.EMPTY);
        }
        return search.firstSeq(first)
                .thenCombine(
                        read(newest),
                        (floor, block) -> new SeqRange(Math.min(floor, block.firstSeq()), block.lastSeq()));
    }
}
