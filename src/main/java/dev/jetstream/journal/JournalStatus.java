package dev.jetstream.journal;

/**
 * The state of the journal, for reports.
 *
 * @param writable whether the last write succeeded; true before the first
 * @param reason why not; empty when it did
 * @param sizeBytes bytes on disk, as of retention's last look
 * @param oldestTimeUs unix microseconds of the oldest event, as of the last look; 0: none
 * @param newestTimeUs unix microseconds of the newest event; 0: none
 * @param blocks blocks held
 */
public record JournalStatus(
        boolean writable, String reason, long sizeBytes, long oldestTimeUs, long newestTimeUs, long blocks) {}
