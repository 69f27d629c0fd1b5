package dev.jetstream.event;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random events and filters that meet often. */
public final class EventArbitraries {
    private static final List<String> COLLECTIONS = List.of(
            "app.bsky.feed.post",
            "app.bsky.feed.like",
            "app.bsky.feedback.note",
            "app.bsky.graph.follow",
            "com.example.thing");
    private static final List<String> DIDS = List.of(
            "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
            "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb",
            "did:web:example.com",
            "did:web:a.b");

    private EventArbitraries() {}

    public static Arbitrary<Blocks.Event> events() {
        return Combinators.combine(
                        Arbitraries.of(DIDS),
                        Arbitraries.of(collectionsAndKinds()),
                        Arbitraries.of("create", "update", "delete"),
                        texts())
                .as(Blocks.Event::new);
    }

    /** A collection stands for a commit, and the name of any other kind for itself. */
    private static List<String> collectionsAndKinds() {
        Stream<String> others = Arrays.stream(EventKind.values())
                .filter(kind -> kind != EventKind.COMMIT)
                .map(EventKind::v1Name);
        return Stream.concat(COLLECTIONS.stream(), others).toList();
    }

    private static Arbitrary<String> texts() {
        Arbitrary<String> shortOnes =
                Arbitraries.strings().alpha().ofMinLength(0).ofMaxLength(300);
        Arbitrary<String> longOnes =
                Arbitraries.integers().between(65_000, 80_000).map(length -> "é".repeat(length / 2));
        return Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(60, shortOnes), net.jqwik.api.Tuple.of(1, longOnes));
    }

    public static Arbitrary<Filter> filters() {
        Arbitrary<List<String>> collections = Arbitraries.of(
                        "app.bsky.feed.post",
                        "app.bsky.feed.*",
                        "app.bsky.*",
                        "com.example.thing",
                        "com.*",
                        "org.none.at")
                .list()
                .ofMaxSize(3);
        Arbitrary<List<String>> dids = Arbitraries.of(
                        "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "did:web:example.com", "did:plc:nobody", "did:web:a.b")
                .list()
                .ofMaxSize(3);
        Arbitrary<Long> sizes = Arbitraries.of(0L, 0L, 150L, 200L, 300L, 70_000L);
        Arbitrary<Set<EventKind>> kinds = Arbitraries.of(EventKind.class).set().ofMinSize(1);
        Arbitrary<Set<Operation>> operations =
                Arbitraries.of(Operation.class).set().ofMinSize(1);
        return Combinators.combine(
                        collections,
                        dids,
                        sizes,
                        kinds,
                        operations,
                        collections,
                        dids,
                        Arbitraries.integers().between(0, 15))
                .as((wanted, wantedDids, size, kind, operation, unwanted, unwantedDids, which) -> {
                    Filter.Builder filter = Filter.builder()
                            .collections(wanted)
                            .dids(wantedDids)
                            .maxMessageBytes(size);
                    // Each of the others now and then: together they leave nothing.
                    filter = (which & 1) == 0 ? filter : filter.kinds(kind);
                    filter = (which & 2) == 0 ? filter : filter.operations(operation);
                    filter = (which & 4) == 0 ? filter : filter.unwantedCollections(unwanted);
                    filter = (which & 8) == 0 ? filter : filter.unwantedDids(unwantedDids);
                    return filter.build();
                });
    }

    /** Whether a filter wants an event, as one would write it without a thought of speed. */
    public static boolean wants(Filter filter, Blocks.Event event, String json) {
        EventKind kind = Arrays.stream(EventKind.values())
                .filter(some -> some != EventKind.COMMIT && some.v1Name().equals(event.collection()))
                .findAny()
                .orElse(EventKind.COMMIT);
        boolean commit = !event.isCommit()
                || (filter.collections().isEmpty() || isIn(filter.collections(), event.collection()))
                        && !isIn(filter.unwantedCollections(), event.collection())
                        && filter.wantsOperation(
                                Operation.valueOf(event.operation().toUpperCase(Locale.ROOT)));
        boolean did = (filter.dids().isEmpty() || filter.dids().contains(event.did()))
                && !filter.unwantedDids().contains(event.did());
        int size = json.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        return filter.wantsKind(kind)
                && commit
                && did
                && (filter.maxMessageBytes() == 0 || size <= filter.maxMessageBytes());
    }

    private static boolean isIn(Set<String> names, String collection) {
        boolean found = false;
        for (String name : names) {
            found |= name.endsWith(".*")
                    ? collection.startsWith(name.substring(0, name.length() - 1))
                    : collection.equals(name);
        }
        return found;
    }
}
