package dev.jetstream.event;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a subscriber wants: collections, DIDs, a largest message. Immutable, with value equality; the order and repetition in
 * which wishes were written do not count.
 *
 * <p>Collections narrow commits only: identity and account events always pass them. DIDs narrow every kind. Whether a wish is
 * well formed is checked where it comes in, not here.
 */
public final class Filter {
    /** Lets everything through. */
    public static final Filter ALL = new Filter(Set.of(), Set.of(), 0);

    /** A string, its array's head, and a set's places for it. */
    private static final long BYTES_BESIDE_TEXT = 56;

    private final Set<String> collections;
    private final Set<String> dids;
    private final long maxMessageBytes;
    private final List<String> prefixes;
    private final DidSet didSet;
    private final int hash;

    /**
     * @param collections NSIDs, or prefixes that end with {@code .*}; empty: all
     * @param dids DIDs; empty: all
     * @param maxMessageBytes most bytes of an event's JSON in the subscriber's own format; 0: no limit
     */
    public Filter(Collection<String> collections, Collection<String> dids, long maxMessageBytes) {
        this.collections = Set.copyOf(collections);
        this.dids = Set.copyOf(dids);
        this.maxMessageBytes = maxMessageBytes;
        prefixes = new ArrayList<>();
        for (String collection : new TreeSet<>(this.collections)) {
            if (collection.endsWith(".*")) {
                prefixes.add(collection.substring(0, collection.length() - 1));
            }
        }
        didSet = this.dids.isEmpty() ? null : new DidSet(this.dids);
        hash = Objects.hash(this.collections, this.dids, maxMessageBytes);
    }

    public boolean isAll() {
        return collections.isEmpty() && dids.isEmpty() && maxMessageBytes == 0;
    }

    public Set<String> collections() {
        return collections;
    }

    public Set<String> dids() {
        return dids;
    }

    /** Most bytes of an event's JSON; 0: no limit. */
    public long maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Whether commits to this collection pass. */
    public boolean wantsCollection(String collection) {
        if (collections.isEmpty() || collections.contains(collection)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (collection.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** About how many bytes of memory it takes. */
    public long bytes() {
        return (didSet == null ? 0 : didSet.bytes()) + textBytes(collections) + textBytes(dids);
    }

    private static long textBytes(Set<String> texts) {
        return texts.stream()
                .mapToLong(text -> BYTES_BESIDE_TEXT + text.length())
                .sum();
    }

    DidSet didSet() {
        return didSet;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Filter that
                        && hash == that.hash
                        && maxMessageBytes == that.maxMessageBytes
                        && collections.equals(that.collections)
                        && dids.equals(that.dids);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Filter[collections=" + collections.size() + ", dids=" + dids.size() + ", maxMessageBytes="
                + maxMessageBytes + "]";
    }
}
