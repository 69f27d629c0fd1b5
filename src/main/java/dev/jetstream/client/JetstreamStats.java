package dev.jetstream.client;

/**
 * Counts of a {@link Jetstream} since its start.
 *
 * @param connections connections that were opened
 * @param received messages of every kind
 * @param repeats repeated events after a reconnect, dropped
 * @param malformed messages that are not events, skipped
 * @param oversized messages above {@link JetstreamOptions.Builder#maxReceivedBytes}, skipped
 * @param unknown events of a kind that this version does not know, skipped by {@link Jetstream#events()}
 * @param delivered events handed to subscribers
 */
public record JetstreamStats(
        long connections, long received, long repeats, long malformed, long oversized, long unknown, long delivered) {}
