package dev.jetstream.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Selects the events of a stream; immutable. {@link Jetstream#updateFilter} replaces it while the stream runs.
 *
 * <p>The server checks names and counts (at most 100 collections and 10,000 DIDs), so servers with other limits work too; an
 * invalid filter ends the stream with {@link JetstreamException}.
 */
public final class StreamFilter {
    /** All events. */
    public static final StreamFilter ALL = builder().build();

    /** The server's parameters that are lists. */
    static final Set<String> LISTS = Set.of("wantedCollections", "wantedDids");

    private static final long MAX_SIZE = 0xFFFF_FFFFL;

    /** By parameter, in the order in which they were set; none is empty. */
    private final Map<String, List<String>> lists;

    private final long maxMessageSizeBytes;

    private StreamFilter(Builder values) {
        this.lists = new LinkedHashMap<>(values.lists);
        this.maxMessageSizeBytes = values.maxMessageSizeBytes;
    }

    /** A builder of a filter that passes all events. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with this filter's values. */
    public Builder toBuilder() {
        Builder copy = new Builder();
        copy.lists.putAll(lists);
        copy.maxMessageSizeBytes = maxMessageSizeBytes;
        return copy;
    }

    /** NSIDs, or prefixes such as {@code app.bsky.*}, for commits only; empty: all. */
    public List<String> wantedCollections() {
        return list("wantedCollections");
    }

    /** Repositories; empty: all. */
    public List<String> wantedDids() {
        return list("wantedDids");
    }

    /** Events whose JSON is larger are not sent; 0: no limit. */
    public long maxMessageSizeBytes() {
        return maxMessageSizeBytes;
    }

    private List<String> list(String name) {
        return lists.getOrDefault(name, List.of());
    }

    /** The parameters of {@code /subscribe} that are set, each with its values. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new LinkedHashMap<>(lists);
        if (maxMessageSizeBytes > 0) {
            parameters.put("maxMessageSizeBytes", List.of(Long.toString(maxMessageSizeBytes)));
        }
        return parameters;
    }

    /** The message that makes the server use this filter; what it leaves out is not restricted. */
    String toOptionsUpdate() {
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        lists.forEach((name, values) -> values.forEach(payload.withArray(name)::add));
        if (maxMessageSizeBytes > 0) {
            payload.put("maxMessageSizeBytes", maxMessageSizeBytes);
        }
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        message.put("type", "options_update").set("payload", payload);
        return message.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamFilter filter
                && lists.equals(filter.lists)
                && maxMessageSizeBytes == filter.maxMessageSizeBytes;
    }

    @Override
    public int hashCode() {
        return Objects.hash(lists, maxMessageSizeBytes);
    }

    @Override
    public String toString() {
        return "StreamFilter" + parameters();
    }

    /** Builds a {@link StreamFilter}; every setter replaces the value, and throws {@link IllegalArgumentException} for an invalid one. */
    public static final class Builder {
        private final Map<String, List<String>> lists = new LinkedHashMap<>();
        private long maxMessageSizeBytes;

        private Builder() {}

        /** NSIDs, or prefixes such as {@code app.bsky.*}, for commits only; none: all. */
        public Builder wantedCollections(Collection<String> collections) {
            return list("wantedCollections", collections);
        }

        public Builder wantedCollections(String... collections) {
            return wantedCollections(List.of(collections));
        }

        /** Repositories; none: all. */
        public Builder wantedDids(Collection<String> dids) {
            return list("wantedDids", dids);
        }

        public Builder wantedDids(String... dids) {
            return wantedDids(List.of(dids));
        }

        /** Events whose JSON is larger are not sent; 0: no limit; at most 2^32-1. */
        public Builder maxMessageSizeBytes(long bytes) {
            if (bytes < 0 || bytes > MAX_SIZE) {
                throw new IllegalArgumentException(
                        "maxMessageSizeBytes must be 0 (no limit) to " + MAX_SIZE + ", not " + bytes);
            }
            this.maxMessageSizeBytes = bytes;
            return this;
        }

        /** Sets a list by the name of its parameter, without duplicates. */
        Builder list(String name, Collection<String> values) {
            if (values.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(name + " must not contain an empty name");
            }
            lists.remove(name);
            if (!values.isEmpty()) {
                lists.put(name, List.copyOf(new LinkedHashSet<>(values)));
            }
            return this;
        }

        public StreamFilter build() {
            return new StreamFilter(this);
        }
    }
}
