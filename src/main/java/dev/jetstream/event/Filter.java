package dev.jetstream.event;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The events that a subscriber is sent. Immutable, with value equality that ignores order and repetition. All conditions are required;
 * the values of one are alternatives, and none means no restriction.
 *
 * <p>Collections, operations, subjects and languages narrow commits only: other kinds pass them. Kinds, DIDs and the size of the
 * message narrow every kind. The syntax of the values is checked by the caller.
 */
public final class Filter {
    private static final AtomicLong IDS = new AtomicLong();

    private static final Set<EventKind> ALL_KINDS = EnumSet.allOf(EventKind.class);
    private static final Set<Operation> ALL_OPERATIONS = EnumSet.allOf(Operation.class);

    /** Lets everything through. */
    public static final Filter ALL = builder().build();

    private final long id = IDS.getAndIncrement();
    private final Set<EventKind> kinds;
    private final Set<Operation> operations;
    private final CollectionSet collections;
    private final CollectionSet unwantedCollections;
    private final TextSet dids;
    private final TextSet unwantedDids;
    private final SubjectSet subjects;
    private final TextSet langs;
    private final long maxMessageBytes;
    private final boolean isAll;
    private final int hash;

    /** A filter that lets every kind of event through. */
    public Filter(Collection<String> collections, Collection<String> dids, long maxMessageBytes) {
        this(builder().collections(collections).dids(dids).maxMessageBytes(maxMessageBytes));
    }

    private Filter(Builder from) {
        kinds = EnumSet.copyOf(from.kinds);
        operations = EnumSet.copyOf(from.operations);
        collections = CollectionSet.of(from.collections);
        unwantedCollections = CollectionSet.of(from.unwantedCollections);
        dids = TextSet.of(from.dids);
        unwantedDids = TextSet.of(from.unwantedDids);
        subjects = SubjectSet.of(from.subjects);
        langs = TextSet.of(from.langs);
        maxMessageBytes = from.maxMessageBytes;
        isAll = kinds.equals(ALL_KINDS)
                && wantsAllOperations()
                && wantsAllCollections()
                && wantsAllDids()
                && subjects.isEmpty()
                && langs.isEmpty()
                && maxMessageBytes == 0;
        hash = Objects.hash(
                kinds,
                operations,
                collections,
                unwantedCollections,
                dids,
                unwantedDids,
                subjects,
                langs,
                maxMessageBytes);
    }

    /** A filter that lets everything through, to be narrowed. */
    public static Builder builder() {
        return new Builder();
    }

    /** A filter in the making. Used by one thread. */
    public static final class Builder {
        private Set<EventKind> kinds = ALL_KINDS;
        private Set<Operation> operations = ALL_OPERATIONS;
        private Collection<String> collections = Set.of();
        private Collection<String> unwantedCollections = Set.of();
        private Collection<String> dids = Set.of();
        private Collection<String> unwantedDids = Set.of();
        private Collection<String> subjects = Set.of();
        private Collection<String> langs = Set.of();
        private long maxMessageBytes;

        private Builder() {}

        /** @param wanted at least one */
        public Builder kinds(Set<EventKind> wanted) {
            kinds = wanted;
            return this;
        }

        /** @param wanted at least one */
        public Builder operations(Set<Operation> wanted) {
            operations = wanted;
            return this;
        }

        /** @param wanted NSIDs, or prefixes that end with {@code .*}; empty: all */
        public Builder collections(Collection<String> wanted) {
            collections = wanted;
            return this;
        }

        /** @param unwanted as for {@link #collections}: these are excluded */
        public Builder unwantedCollections(Collection<String> unwanted) {
            unwantedCollections = unwanted;
            return this;
        }

        /** @param wanted DIDs; empty: all */
        public Builder dids(Collection<String> wanted) {
            dids = wanted;
            return this;
        }

        /** @param unwanted DIDs that are excluded */
        public Builder unwantedDids(Collection<String> unwanted) {
            unwantedDids = unwanted;
            return this;
        }

        /** @param wanted a DID or an at-URI that a record must refer to (see {@link SubjectSet}); empty: all */
        public Builder subjects(Collection<String> wanted) {
            subjects = wanted;
            return this;
        }

        /** @param wanted language tags, in any case; {@code und}: commits without languages; empty: all */
        public Builder langs(Collection<String> wanted) {
            langs = wanted.stream().map(tag -> tag.toLowerCase(Locale.ROOT)).toList();
            return this;
        }

        /** @param max maximum bytes of an event's JSON in the subscriber's own format; 0: no limit */
        public Builder maxMessageBytes(long max) {
            maxMessageBytes = max;
            return this;
        }

        public Filter build() {
            return new Filter(this);
        }
    }

    /** A number that no other filter object of this process has. Equal filters share results only as one object. */
    public long id() {
        return id;
    }

    public boolean isAll() {
        return isAll;
    }

    /** Whether events of this kind pass, as far as their kind decides. */
    public boolean wantsKind(EventKind kind) {
        return kinds.contains(kind);
    }

    /** Whether commits with this operation pass. */
    public boolean wantsOperation(Operation operation) {
        return operations.contains(operation);
    }

    boolean wantsAllOperations() {
        return operations.size() == ALL_OPERATIONS.size();
    }

    boolean wantsCommitsOnly() {
        return kinds.size() == 1 && kinds.contains(EventKind.COMMIT);
    }

    public Set<String> collections() {
        return collections.names().members();
    }

    public Set<String> unwantedCollections() {
        return unwantedCollections.names().members();
    }

    public Set<String> dids() {
        return dids.members();
    }

    public Set<String> unwantedDids() {
        return unwantedDids.members();
    }

    SubjectSet subjects() {
        return subjects;
    }

    /** In lower case. */
    TextSet langs() {
        return langs;
    }

    /** Maximum bytes of an event's JSON; 0: no limit. */
    public long maxMessageBytes() {
        return maxMessageBytes;
    }

    /** Whether commits to this collection pass. */
    public boolean wantsCollection(String collection) {
        return (collections.isEmpty() || collections.contains(collection)) && !unwantedCollections.contains(collection);
    }

    boolean wantsAllCollections() {
        return collections.isEmpty() && unwantedCollections.isEmpty();
    }

    /** Whether events of the DID {@code bytes[from, to)} pass. */
    public boolean wantsDid(byte[] bytes, int from, int to) {
        return wantsAllDids() || wantsDid(TextSet.hash(bytes, from, to), bytes, from, to);
    }

    boolean wantsDid(long hash, byte[] bytes, int from, int to) {
        return (dids.isEmpty() || dids.contains(hash, bytes, from, to))
                && !unwantedDids.contains(hash, bytes, from, to);
    }

    boolean wantsAllDids() {
        return dids.isEmpty() && unwantedDids.isEmpty();
    }

    /** Approximate bytes of memory. */
    public long bytes() {
        return collections.names().bytes()
                + unwantedCollections.names().bytes()
                + dids.bytes()
                + unwantedDids.bytes()
                + subjects.bytes()
                + langs.bytes();
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof Filter that
                        && hash == that.hash
                        && maxMessageBytes == that.maxMessageBytes
                        && kinds.equals(that.kinds)
                        && operations.equals(that.operations)
                        && collections.equals(that.collections)
                        && unwantedCollections.equals(that.unwantedCollections)
                        && dids.equals(that.dids)
                        && unwantedDids.equals(that.unwantedDids)
                        && subjects.equals(that.subjects)
                        && langs.equals(that.langs);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Filter[kinds=" + kinds + ", operations=" + operations + ", collections=" + collections.names()
                + ", unwantedCollections=" + unwantedCollections.names() + ", dids=" + dids + ", unwantedDids="
                + unwantedDids + ", subjects=" + subjects + ", langs=" + langs + ", maxMessageBytes=" + maxMessageBytes
                + "]";
    }
}
