package dev.jetstream.e2e;

import java.util.List;
import java.util.Set;

/**
 * What a subscriber asks for, and, without anything of the server's, what it must then get.
 *
 * @param maxBytes 0: no limit
 */
record TestFilter(Set<String> collections, Set<String> dids, int maxBytes, boolean isV0) {
    static final TestFilter ALL = new TestFilter(Set.of(), Set.of(), 0, false);

    static TestFilter collections(String... names) {
        return new TestFilter(Set.of(names), Set.of(), 0, false);
    }

    TestFilter withDids(Set<String> names) {
        return new TestFilter(collections, names, maxBytes, isV0);
    }

    TestFilter withMaxBytes(int bytes) {
        return new TestFilter(collections, dids, bytes, isV0);
    }

    TestFilter asV0() {
        return new TestFilter(collections, dids, maxBytes, true);
    }

    /** As the query of {@code /subscribe}. */
    String query() {
        StringBuilder query = new StringBuilder("?maxMessageSizeBytes=" + maxBytes);
        collections.forEach(name -> query.append("&wantedCollections=").append(name));
        dids.forEach(did -> query.append("&wantedDids=").append(did));
        return query.append(isV0 ? "&format=v0" : "").toString();
    }

    /** As the client's message. */
    String optionsUpdate() {
        return "{\"type\":\"options_update\",\"payload\":{\"wantedCollections\":" + json(collections)
                + ",\"wantedDids\":" + json(dids) + ",\"maxMessageSizeBytes\":" + maxBytes + "}}";
    }

    private static String json(Set<String> names) {
        return names.isEmpty() ? "[]" : "[\"" + String.join("\",\"", names) + "\"]";
    }

    /** The messages that are due of these, with {@code time_us} 0. */
    List<String> of(List<MadeEvent> events) {
        return events.stream()
                .filter(event -> wants(event.collection(), event.did()))
                .map(event -> isV0 ? event.v0() : event.v1())
                .filter(line -> fits(MadeEvent.size(line)))
                .toList();
    }

    /** @param collection empty where it is no commit */
    boolean wants(String collection, String did) {
        return (collection.isEmpty() || isWanted(collection)) && (dids.isEmpty() || dids.contains(did));
    }

    /** @param bytes of the message as this subscriber gets it */
    boolean fits(int bytes) {
        return maxBytes == 0 || bytes <= maxBytes;
    }

    private boolean isWanted(String collection) {
        return collections.isEmpty()
                || collections.stream()
                        .anyMatch(name -> name.endsWith(".*")
                                ? collection.startsWith(name.substring(0, name.length() - 1))
                                : collection.equals(name));
    }
}
