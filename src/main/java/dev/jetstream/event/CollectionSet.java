package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.common.SeededHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * NSIDs, and prefixes of NSIDs that end with {@code .*} and match what is below them. Immutable.
 *
 * @param names each a {@code HashSet}'s: its bins of equal hashes are trees, so strings chosen to collide cost no more than a logarithm
 * @param prefixes of {@code names}, without their {@code *}
 */
record CollectionSet(Set<String> names, List<String> prefixes) {
    static CollectionSet of(Collection<String> names) {
        Set<String> distinct = new HashSet<>(names);
        List<String> prefixes = new ArrayList<>();
        for (String name : distinct) {
            if (name.endsWith(".*")) {
                prefixes.add(name.substring(0, name.length() - 1));
            }
        }
        return new CollectionSet(Collections.unmodifiableSet(distinct), prefixes);
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    boolean contains(String collection) {
        if (names.contains(collection)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (collection.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Equal for equal sets. */
    long hashSum() {
        long sum = 0;
        for (String name : names) {
            byte[] bytes = name.getBytes(UTF_8);
            sum += SeededHash.OF_PROCESS.of(bytes, 0, bytes.length);
        }
        return sum;
    }
}
