package dev.jetstream.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Which events a stream carries: what may be changed while it runs.
 *
 * <p>The server judges the names and the counts (at most 100 collections and 10,000 DIDs), so that a server with other limits
 * can be used; its verdict ends the stream with {@link JetstreamException}.
 *
 * @param wantedCollections NSIDs, or prefixes such as {@code app.bsky.*}; empty: all. They apply to commits only
 * @param wantedDids empty: all
 * @param maxMessageSizeBytes events whose JSON is larger are not sent; 0: no limit
 */
public record StreamFilter(List<String> wantedCollections, List<String> wantedDids, long maxMessageSizeBytes) {
    /** Everything. */
    public static final StreamFilter ALL = new StreamFilter(List.of(), List.of(), 0);

    private static final long MAX_SIZE = 0xFFFF_FFFFL;

    /**
     * Copies the lists, without repeats.
     *
     * @throws IllegalArgumentException when a name is empty, or the size is negative or above 2^32-1
     */
    public StreamFilter {
        wantedCollections = distinct("wantedCollections", wantedCollections);
        wantedDids = distinct("wantedDids", wantedDids);
        if (maxMessageSizeBytes < 0 || maxMessageSizeBytes > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "maxMessageSizeBytes must be 0 (no limit) to " + MAX_SIZE + ", not " + maxMessageSizeBytes);
        }
    }

    public StreamFilter withWantedCollections(Collection<String> collections) {
        return new StreamFilter(List.copyOf(collections), wantedDids, maxMessageSizeBytes);
    }

    public StreamFilter withWantedDids(Collection<String> dids) {
        return new StreamFilter(wantedCollections, List.copyOf(dids), maxMessageSizeBytes);
    }

    public StreamFilter withMaxMessageSizeBytes(long bytes) {
        return new StreamFilter(wantedCollections, wantedDids, bytes);
    }

    /** The client message that puts this filter in force. */
    String toOptionsUpdate() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        wantedCollections.forEach(payload.putArray("wantedCollections")::add);
        wantedDids.forEach(payload.putArray("wantedDids")::add);
        payload.put("maxMessageSizeBytes", maxMessageSizeBytes);
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("type", "options_update").set("payload", payload);
        return message.toString();
    }

    private static List<String> distinct(String name, List<String> values) {
        for (String value : values) {
            if (value == null || value.isBlank()) {
                throw new IllegalArgumentException(name + " must not hold an empty name");
            }
        }
        return List.copyOf(new LinkedHashSet<>(values));
    }
}
