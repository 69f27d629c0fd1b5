package dev.jetstream.journal.store;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Histogram;
import dev.jetstream.metrics.Instruments;

/** The journal's metrics. One instance per process; any thread. */
public final class JournalMetrics {
    private final Counter events = Instruments.counter("consumer_events_persisted", "Events written to the journal");
    private final Counter bytes =
            Instruments.counter("jetstream_journal_bytes_written", "Bytes of the blocks written, compressed");
    private final Counter failures = Instruments.counter("jetstream_journal_write_failures", "Writes that failed");
    private final Counter deleted =
            Instruments.counter("jetstream_journal_blocks_deleted", "Blocks that retention deleted");
    private final Counter retentionFailures = Instruments.counter(
            "jetstream_journal_retention_failures", "Looks for old blocks that failed, so that some may be left");
    private final Counter hits =
            Instruments.counter("jetstream_journal_cache_reads", "Reads of older blocks by outcome", "outcome", "hit");
    private final Counter misses =
            Instruments.counter("jetstream_journal_cache_reads", "Reads of older blocks by outcome", "outcome", "miss");
    private final Counter loaded =
            Instruments.counter("jetstream_journal_blocks_loaded", "Blocks read from the journal and decoded");
    private final Counter damaged = Instruments.counter(
            "jetstream_journal_damaged_blocks", "Blocks read from the journal that could not be decoded");
    private final Histogram write = Instruments.seconds("jetstream_journal_write", "Time of one write");
    private final Histogram deletion =
            Instruments.seconds("jetstream_journal_delete", "Time of one step of retention, in which writes wait");
    private final Gauge size = Instruments.gauge("jetstream_journal_size_bytes", "Bytes on disk");
    private final Gauge oldest =
            Instruments.gauge("jetstream_journal_oldest_event_time_seconds", "Unix time of the oldest event; 0: none");
    private final Gauge recentBytes = Instruments.gauge(
            "jetstream_journal_memory_bytes", "Memory of blocks, with what they memoize", "blocks", "recent");
    private final Gauge cachedBytes = Instruments.gauge(
            "jetstream_journal_memory_bytes", "Memory of blocks, with what they memoize", "blocks", "cached");
    private final Gauge recentBlocks =
            Instruments.gauge("jetstream_journal_memory_blocks", "Blocks in memory", "blocks", "recent");
    private final Gauge cachedBlocks =
            Instruments.gauge("jetstream_journal_memory_blocks", "Blocks in memory", "blocks", "cached");

    /** A block is durable. */
    public void written(int eventCount, int byteCount, double seconds) {
        events.add(eventCount);
        bytes.add(byteCount);
        write.record(seconds);
    }

    public void writeFailed() {
        failures.increment();
    }

    /** Retention deleted so many blocks in one step. */
    public void deleted(long blockCount, double seconds) {
        deleted.add(blockCount);
        deletion.record(seconds);
    }

    /** A look of retention came to no end. */
    public void retentionFailed() {
        retentionFailures.increment();
    }

    /** An older block was asked for, and was in memory or on its way. */
    public void cacheHit() {
        hits.increment();
    }

    /** An older block was asked for, and has to be loaded. */
    public void cacheMiss() {
        misses.increment();
    }

    public void blockLoaded() {
        loaded.increment();
    }

    public void blockDamaged() {
        damaged.increment();
    }

    /** Bytes on disk, and the oldest event's unix microseconds, 0 for none. */
    public void onDisk(long sizeBytes, long oldestTimeUs) {
        size.set(sizeBytes);
        oldest.set(oldestTimeUs / 1e6);
    }

    /** What is in memory: recent blocks, and cached ones that came from disk. */
    public void inMemory(long recentCount, long recentSize, long cachedCount, long cachedSize) {
        recentBlocks.set(recentCount);
        recentBytes.set(recentSize);
        cachedBlocks.set(cachedCount);
        cachedBytes.set(cachedSize);
    }

    /** Blocks loaded from disk so far. */
    public long blocksLoaded() {
        return loaded.value();
    }

    /** Damaged blocks met so far. */
    public long damagedBlocks() {
        return damaged.value();
    }

    /** Blocks deleted by retention so far. */
    public long blocksDeleted() {
        return deleted.value();
    }

    /** Failed looks of retention so far. */
    public long retentionFailures() {
        return retentionFailures.value();
    }

    /** Failed writes so far. */
    public long writeFailures() {
        return failures.value();
    }
}
