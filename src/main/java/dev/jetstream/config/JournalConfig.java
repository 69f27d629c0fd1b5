package dev.jetstream.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code jetstream.journal}: where events are stored, and for how long.
 *
 * @param dataDir directory of the journal's files; created if missing
 * @param eventTtl events older than this are deleted
 * @param maxSizeBytes the oldest events are deleted above this size on disk; 0 for no limit
 * @param retentionInterval time between two deletions of old events
 * @param memoryBudgetBytes budget for decoded blocks in memory and all that they memoize; 0 becomes a quarter of the
 *     heap, at most 256 MiB
 * @param onDamage what a reader does at an unreadable block
 * @param databaseUrl {@code jdbc:postgresql://…} of a database that replaces the file in {@code dataDir}, or empty
 * @param databaseUser user of that database; empty for that of the URL
 * @param databasePassword that user's password, or empty
 */
public record JournalConfig(
        Path dataDir,
        Duration eventTtl,
        long maxSizeBytes,
        Duration retentionInterval,
        long memoryBudgetBytes,
        OnDamage onDamage,
        String databaseUrl,
        String databaseUser,
        String databasePassword) {

    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;
    private static final long MAX_AUTOMATIC_BUDGET = 256 * MIB;

    /** What to do at an unreadable block. */
    public enum OnDamage {
        /** End the reader: an operator must act. */
        STOP,
        /** Continue after it: the reader misses its events. */
        SKIP
    }

    public JournalConfig {
        new Check("journal")
                .range("event-ttl", eventTtl, Duration.ofSeconds(1), Duration.ofDays(36_500))
                .that(
                        maxSizeBytes == 0 || (maxSizeBytes >= 16 * MIB && maxSizeBytes <= 1024 * TIB),
                        "max-size-bytes",
                        Values.formatSize(maxSizeBytes),
                        "must be 0 (no limit), or from 16 MiB to 1024 TiB")
                .range("retention-interval", retentionInterval, Duration.ofMillis(10), Duration.ofHours(1))
                .that(
                        memoryBudgetBytes == 0 || (memoryBudgetBytes >= MIB && memoryBudgetBytes <= TIB),
                        "memory-budget-bytes",
                        Values.formatSize(memoryBudgetBytes),
                        "must be 0 (automatic), or from 1 MiB to 1 TiB")
                .that(
                        databaseUrl.isEmpty() || databaseUrl.startsWith("jdbc:postgresql:"),
                        "database-url",
                        databaseUrl.replaceFirst("[?].*", "?…"),
                        "must be empty, or start with jdbc:postgresql:")
                .that(
                        !databaseUrl.isEmpty() || !dataDir.toString().contains("?"),
                        "data-dir",
                        dataDir,
                        "must not contain a question mark")
                .done();
        memoryBudgetBytes = memoryBudgetBytes == 0
                ? Math.min(Runtime.getRuntime().maxMemory() / 4, MAX_AUTOMATIC_BUDGET)
                : memoryBudgetBytes;
    }

    /** Everything except the password. */
    @Override
    public String toString() {
        return "JournalConfig[dataDir=" + dataDir + ", eventTtl=" + eventTtl + ", maxSizeBytes=" + maxSizeBytes
                + ", retentionInterval=" + retentionInterval + ", memoryBudgetBytes=" + memoryBudgetBytes
                + ", onDamage=" + onDamage + ", databaseUrl=" + databaseUrl.replaceFirst("[?].*", "?…")
                + ", databaseUser=" + databaseUser + "]";
    }
}
