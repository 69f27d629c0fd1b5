package dev.jetstream.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * NSIDs, and prefixes of NSIDs that end with {@code .*} and match what is below them. Immutable.
 *
 * @param prefixes of {@code names}, without their {@code *}
 */
record CollectionSet(TextSet names, List<String> prefixes) {
    static CollectionSet of(Collection<String> names) {
        TextSet distinct = TextSet.of(names);
        List<String> prefixes = new ArrayList<>();
        for (String name : distinct.members()) {
            if (name.endsWith(".*")) {
                prefixes.add(name.substring(0, name.length() - 1));
            }
        }
        return new CollectionSet(distinct, prefixes);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    boolean contains(String collection) {
        if (names.members().contains(collection)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (collection.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CollectionSet that && names.equals(that.names);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }
}
