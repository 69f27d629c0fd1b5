package dev.jetstream.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code jetstream.journal}: where events are kept, and for how long.
 *
 * @param dataDir directory of the journal's files; made when absent
 * @param eventTtl events older than this are deleted
 * @param maxSizeBytes the oldest events are deleted above this size on disk; 0: no limit
 * @param retentionInterval time between two looks for what may be deleted
 * @param memoryBudgetBytes decoded blocks kept in memory, recent and cached, with all that they memoize; given 0 it becomes
 *     a quarter of the heap, at most 256 MiB
 * @param onDamage what a reader does at a block that cannot be read
 * @param databaseUrl {@code jdbc:postgresql://…} of the database that is used in place of a file in {@code dataDir}; empty: none
 * @param databaseUser user of that database; empty: as the URL says
 * @param databasePassword that user's password; empty: none
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
    private static final long LARGEST_AUTOMATIC_BUDGET = 256 * MIB;

    /** What to do at a damaged block. */
    public enum OnDamage {
        /** End the reader; an operator has to act. */
        STOP,
        /** Go on behind it; its events are lost to that reader. */
        SKIP
    }

    /** @throws InvalidSettingsException if a value is out of range */
    public JournalConfig {
        new Check("jetstream.journal")
                .range("event-ttl", eventTtl, Duration.ofSeconds(1), Duration.ofDays(36_500))
                .that(
                        maxSizeBytes == 0 || (maxSizeBytes >= 16 * MIB && maxSizeBytes <= 1024 * TIB),
                        "max-size-bytes",
                        Sizes.format(maxSizeBytes),
                        "must be 0 (no limit), or from 16 MiB to 1024 TiB")
                .range("retention-interval", retentionInterval, Duration.ofMillis(10), Duration.ofHours(1))
                .that(
                        memoryBudgetBytes == 0 || (memoryBudgetBytes >= MIB && memoryBudgetBytes <= TIB),
                        "memory-budget-bytes",
                        Sizes.format(memoryBudgetBytes),
                        "must be 0 (automatic), or from 1 MiB to 1 TiB")
                .that(
                        databaseUrl.isEmpty() || databaseUrl.startsWith("jdbc:postgresql:"),
                        "database-url",
                        databaseUrl.replaceFirst("[?].*", "?…"),
                        "must be empty, or begin with jdbc:postgresql:")
                .that(
                        !databaseUrl.isEmpty() || !dataDir.toString().contains("?"),
                        "data-dir",
                        dataDir,
                        "must not contain a question mark")
                .done();
        memoryBudgetBytes = memoryBudgetBytes == 0
                ? Math.min(Runtime.getRuntime().maxMemory() / 4, LARGEST_AUTOMATIC_BUDGET)
                : memoryBudgetBytes;
    }

    /** All but the password. */
    @Override
    public String toString() {
        return "JournalConfig[dataDir=" + dataDir + ", eventTtl=" + eventTtl + ", maxSizeBytes=" + maxSizeBytes
                + ", retentionInterval=" + retentionInterval + ", memoryBudgetBytes=" + memoryBudgetBytes
                + ", onDamage=" + onDamage + ", databaseUrl=" + databaseUrl.replaceFirst("[?].*", "?…")
                + ", databaseUser=" + databaseUser + "]";
    }
}
