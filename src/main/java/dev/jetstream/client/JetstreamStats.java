package dev.jetstream.client;

/**
 * What a {@link Jetstream} has seen since it was made.
 *
 * @param connections connections that were opened
 * @param received messages, of whatever kind
 * @param repeats events that came again after a reconnect, and were dropped
 * @param malformed messages that are no events, and were skipped
 * @param oversized messages above {@link JetstreamOptions#maxReceivedBytes()}, skipped
 * @param unknown events of a kind that this version does not know, skipped by {@link Jetstream#events()}
 * @param delivered events handed to the subscriber
 */
public record JetstreamStats(
        long connections, long received, long repeats, long malformed, long oversized, long unknown, long delivered) {}
