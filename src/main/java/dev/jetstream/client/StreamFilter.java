package dev.jetstream.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Selects the events of a stream; it can be replaced while the stream runs.
 *
 * <p>The server checks names and counts (at most 100 collections and 10,000 DIDs), so servers with other limits work too; an
 * invalid filter ends the stream with {@link JetstreamException}.
 *
 * @param wantedCollections NSIDs, or prefixes such as {@code app.bsky.*}, for commits only; empty: all
 * @param wantedDids empty: all
 * @param maxMessageSizeBytes events whose JSON is larger are not sent; 0: no limit
 */
public record StreamFilter(List<String> wantedCollections, List<String> wantedDids, long maxMessageSizeBytes) {
    /** All events. */
    public static final StreamFilter ALL = new StreamFilter(List.of(), List.of(), 0);

    private static final long MAX_SIZE = 0xFFFF_FFFFL;

    /**
     * Copies the lists, without duplicates.
     *
     * @throws IllegalArgumentException when a name is empty or the size is negative or above 2^32-1
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

    /** The message that makes the server use this filter. */
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
                throw new IllegalArgumentException(name + " must not contain an empty name");
            }
        }
        return List.copyOf(new LinkedHashSet<>(values));
    }
}
