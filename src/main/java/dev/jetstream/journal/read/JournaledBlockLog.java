package dev.jetstream.journal.read;

import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Damaged;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;

/**
 * Recent blocks in memory before older ones in the journal, under one budget of bytes.
 *
 * <pre>
 *   1 … gone │ oldest …… older, loaded in runs through the cache …… │ lowest …… recent …… tip
 * </pre>
 *
 * Over the budget, the oldest recent block goes first, and where cached ones take more than half, the coldest of those.
 */
public final class JournaledBlockLog implements BlockLog {
    private static final int READS_AT_A_TIME = 4;
    private static final long MAX_BYTES_PER_LOAD = 4L << 20;
    private static final int LOADS_PER_BUDGET = 16;
    private static final int MAX_WARMED = 4096;
    private static final int WARMED_AT_A_TIME = 64;
    private static final Duration UNUSED = Duration.ofSeconds(30);

    private final ActorSystem system;
    private final String place;
    private final OnDamage onDamage;
    private final JournalMetrics metrics;
    private final MemoryBudget budget;
    private final MemoryBudget.Share recentShare;
    private final MemoryBudget.Share cachedShare;
    private final RecentBlocks recent = new RecentBlocks();
    private final BlockCache cache = new BlockCache();
    private final BlockLoader loader;
    private final TimeSearch search;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile long oldest;
    private volatile long tip;

    /**
     * @param place where the journal is, for messages
     * @param budgetBytes most bytes of blocks in memory
     */
    public JournaledBlockLog(
            ActorSystem system,
            BlockReader reader,
            String place,
            OnDamage onDamage,
            long budgetBytes,
            JournalMetrics metrics) {
        this.system = system;
        this.place = place;
        this.onDamage = onDamage;
        this.metrics = metrics;
        budget = new MemoryBudget(budgetBytes);
        recentShare = budget.new Share();
        cachedShare = budget.new Share();
        budget.evictBy(this::evictOne);
        Turns turns = new Turns(READS_AT_A_TIME);
        long perLoad = Math.min(MAX_BYTES_PER_LOAD, budgetBytes / LOADS_PER_BUDGET);
        loader = new BlockLoader(system, reader, cache, cachedShare, perLoad, turns, metrics);
        search = new TimeSearch(system, reader, this::held, turns);
    }

    private boolean evictOne() {
        if (cachedShare.bytes() > budget.limit() / 2 && cache.evictColdest()) {
            return true;
        }
        if (recent.evictOldest() || cache.evictColdest()) {
            return true;
        }
        recent.forgetMemos();
        return false;
    }

    /** Says where the journal stands: its oldest block, and its newest, 0 for none. */
    public void standsAt(long oldestNr, long newestNr) {
        oldest = oldestNr;
        tip = newestNr;
    }

    /**
     * Brings the newest blocks into memory, up to half the budget: clients that come back after a restart ask for those. What
     * cannot be read is left for whoever asks for it.
     */
    public CompletionStage<Done> warm() {
        return warm(tip, 0);
    }

    private CompletionStage<Done> warm(long newest, int blocks) {
        if (newest < Math.max(1, oldest) || blocks >= MAX_WARMED || cachedShare.bytes() >= budget.limit() / 2) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        long from = Math.max(Math.max(1, oldest), newest - WARMED_AT_A_TIME + 1);
        return warmRun(from, newest)
                .handle((done, failure) -> failure == null)
                .thenCompose(goOn -> warm(goOn ? from - 1 : 0, blocks + WARMED_AT_A_TIME));
    }

    private CompletionStage<Done> warmRun(long from, long to) {
        return from > to
                ? CompletableFuture.completedFuture(Done.getInstance())
                : read(from).thenComposeAsync(block -> warmRun(block.sequenceNr() + 1, to), system.dispatcher());
    }

    /** The newest block, durable now. One caller at a time, in order. */
    public void append(EventBlock block) {
        recent.append(new Held(block, recentShare));
        if (oldest == 0) {
            oldest = block.sequenceNr();
        }
        tip = block.sequenceNr();
        budget.enforce();
        listeners.forEach(Runnable::run);
    }

    /** All below this number are gone. */
    public void goneBelow(long sequenceNr) {
        oldest = Math.max(oldest, sequenceNr);
        tidy();
    }

    /** Lets go what nobody used for a while, and tells the metrics what is left. */
    public void tidy() {
        cache.tidy(UNUSED.toNanos(), oldest);
        long count = Math.max(0, recent.highest() - recent.lowest() + 1);
        metrics.inMemory(count, recentShare.bytes(), cache.size(), cachedShare.bytes());
    }

    /** Number of the oldest block; 0 when there is none. */
    public long oldest() {
        return oldest;
    }

    /** Bytes of blocks in memory, with what they memoize. */
    long bytesInMemory() {
        return budget.used();
    }

    @Override
    public void onNewBlocks(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public long tip() {
        return tip;
    }

    @Override
    public EventBlock held(long sequenceNr) {
        EventBlock block = recent.get(sequenceNr);
        if (block != null) {
            return block;
        }
        if (sequenceNr >= recent.lowest() && sequenceNr <= recent.highest() || sequenceNr < oldest) {
            return null;
        }
        BlockCache.Slot slot = cache.get(sequenceNr);
        Held held = slot == null ? null : slot.held();
        if (held == null) {
            return null;
        }
        metrics.cacheHit();
        loadAheadOf(sequenceNr);
        return held.block();
    }

    @Override
    public CompletionStage<EventBlock> read(long from) {
        long number = Math.max(from, oldest);
        if (number < 1 || number > tip) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no block " + from + " in a journal of " + oldest + " to " + tip));
        }
        EventBlock held = held(number);
        return held != null ? CompletableFuture.completedFuture(held) : readOlder(number);
    }

    private CompletionStage<EventBlock> readOlder(long number) {
        BlockCache.Slot slot = cache.get(number);
        if (slot == null) {
            metrics.cacheMiss();
            load(number);
            slot = cache.get(number);
            if (slot == null) {
                return read(number);
            }
        } else {
            metrics.cacheHit();
        }
        loadAheadOf(number);
        return slot.found().thenCompose(found -> found(number, found));
    }

    private CompletionStage<EventBlock> found(long number, BlockCache.Found found) {
        if (found instanceof BlockCache.Whole whole) {
            return CompletableFuture.completedFuture(whole.held().block());
        }
        if (found instanceof BlockCache.Elsewhere elsewhere) {
            return read(elsewhere.from());
        }
        Damaged damage = ((BlockCache.Broken) found).damage();
        if (onDamage == OnDamage.SKIP && number < tip) {
            return read(number + 1);
        }
        return CompletableFuture.failedFuture(new DamagedBlockException(
                number,
                "block " + number + " of journal " + place + " cannot be read: " + damage.reason()
                        + "; restore it from a copy, or set jetstream.journal.on-damage = skip to lose its events"));
    }

    /** Begins to load a block, and as many behind it as one load brings and nobody asked for yet. */
    private void load(long from) {
        long last = Math.min(from + loader.blocksPerLoad() - 1, lastOlder());
        List<BlockCache.Slot> slots = new ArrayList<>();
        for (long number = from; number <= Math.max(from, last); number++) {
            BlockCache.Slot slot = cache.claim(number);
            if (slot == null) {
                break;
            }
            slots.add(slot);
        }
        if (!slots.isEmpty()) {
            loader.load(slots);
        }
    }

    /** A reader in sequence finds the next blocks there when it comes to them. */
    private void loadAheadOf(long number) {
        long ahead = Math.min(number + loader.blocksPerLoad() / 2, lastOlder());
        if (ahead <= number || cache.contains(ahead) || !loader.hasRoom()) {
            return;
        }
        long from = number + 1;
        while (from < ahead && cache.contains(from)) {
            from++;
        }
        load(from);
    }

    /** The newest block that is not among the recent ones. */
    private long lastOlder() {
        return Math.min(tip, recent.lowest() <= recent.highest() ? recent.lowest() - 1 : tip);
    }

    @Override
    public CompletionStage<Long> find(long timeUs) {
        long high = tip + 1;
        long low = Math.max(1, oldest);
        long lowestRecent = recent.lowest();
        EventBlock first = recent.get(lowestRecent);
        if (first != null) {
            if (first.firstTimeUs() <= timeUs) {
                low = Math.max(low, lowestRecent);
            } else {
                high = lowestRecent;
            }
        }
        return search.find(timeUs, low, high).thenApply(found -> Math.max(found, oldest));
    }
}
