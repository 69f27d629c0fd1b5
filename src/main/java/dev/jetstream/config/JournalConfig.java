package dev.jetstream.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code jetstream.journal}.
 *
 * @param dataDir directory of the journal's files; made when absent
 * @param eventTtl events older than this are deleted
 * @param maxSizeBytes the oldest events are deleted above this size on disk; 0: no limit
 * @param retentionInterval time between two looks for what may be deleted
 * @param memoryBudgetBytes decoded blocks kept in memory, recent and cached, with all that they memoize; 0: a quarter of the
 *     heap, at most 256 MiB
 * @param onDamage what a reader does at a block that cannot be read
 */
public record JournalConfig(
        Path dataDir,
        Duration eventTtl,
        long maxSizeBytes,
        Duration retentionInterval,
        long memoryBudgetBytes,
        OnDamage onDamage) {

    /** What to do at a damaged block. */
    public enum OnDamage {
        STOP,
        SKIP
    }
}
