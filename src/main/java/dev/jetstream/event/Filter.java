package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jetstream.common.SeededHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The events that a subscriber is sent: by kind, collection, DID and size of the message. Immutable, with value equality that ignores order
 * and repetition.
 *
 * <p>Collections narrow commits only: identity and account events always pass them. DIDs narrow every kind. The syntax of the values
 * is checked by the caller.
 */
public final class Filter {
    private static final AtomicLong IDS = new AtomicLong();

    private static final Set<EventKind> ALL_KINDS = EnumSet.allOf(EventKind.class);

    /** Lets everything through. */
    public static final Filter ALL = new Filter(Set.of(), Set.of(), 0);

    /** Memory of a string's headers and of its entry in a set. */
    private static final long BYTES_BESIDE_TEXT = 56;

    private final long id = IDS.getAndIncrement();
    private final Set<EventKind> kinds;
    private final Set<String> collections;
    private final Set<String> dids;
    private final long maxMessageBytes;
    private final List<String> prefixes;
    private final DidSet didSet;
    private final int hash;

    /** A filter that lets every kind of event through. */
    public Filter(Collection<String> collections, Collection<String> dids, long maxMessageBytes) {
        this(ALL_KINDS, collections, dids, maxMessageBytes);
    }

    /**
     * @param kinds at least one
     * @param collections NSIDs, or prefixes that end with {@code .*}; empty: all
     * @param dids DIDs; empty: all
     * @param maxMessageBytes maximum bytes of an event's JSON in the subscriber's own format; 0: no limit
     */
    public Filter(Set<EventKind> kinds, Collection<String> collections, Collection<String> dids, long maxMessageBytes) {
        this.kinds = EnumSet.copyOf(kinds);
        this.collections = copy(collections);
        this.dids = copy(dids);
        this.maxMessageBytes = maxMessageBytes;
        prefixes = new ArrayList<>();
        for (String collection : new TreeSet<>(this.collections)) {
            if (collection.endsWith(".*")) {
                prefixes.add(collection.substring(0, collection.length() - 1));
            }
        }
        didSet = this.dids.isEmpty() ? null : new DidSet(this.dids);
        hash = Long.hashCode(hashSum() + maxMessageBytes);
    }

    /** A hash set: its bins of equal hashes are trees, so strings chosen to collide cost no more than a logarithm. */
    private static Set<String> copy(Collection<String> texts) {
        return Collections.unmodifiableSet(new HashSet<>(texts));
    }

    private long hashSum() {
        long sum = didSet == null ? 0 : didSet.hashSum();
        for (String collection : collections) {
            byte[] bytes = collection.getBytes(UTF_8);
            sum += SeededHash.OF_PROCESS.of(bytes, 0, bytes.length);
        }
        return sum;
    }

    /** A number that no other filter object of this process has. Equal filters share results only as one object. */
    public long id() {
        return id;
    }

    public boolean isAll() {
        return kinds.equals(ALL_KINDS) && collections.isEmpty() && dids.isEmpty() && maxMessageBytes == 0;
    }

    /** Whether events of this kind pass, as far as their kind decides. */
    public boolean wantsKind(EventKind kind) {
        return kinds.contains(kind);
    }

    public Set<String> collections() {
        return collections;
    }

    public Set<String> dids() {
        return dids;
    }

    /** Maximum bytes of an event's JSON; 0: no limit. */
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

    /** Whether events of the DID {@code bytes[from, to)} pass. */
    public boolean wantsDid(byte[] bytes, int from, int to) {
        return didSet == null || didSet.contains(DidSet.hash(bytes, from, to), bytes, from, to);
    }

    /** Approximate bytes of memory. */
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
                        && kinds.equals(that.kinds)
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
