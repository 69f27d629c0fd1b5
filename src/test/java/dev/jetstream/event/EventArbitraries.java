package dev.jetstream.event;

import java.util.Arrays;
import java.util.List;
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
        return Combinators.combine(collections, dids, sizes).as(Filter::new);
    }

    /** Whether a filter wants an event, as one would write it without a thought of speed. */
    public static boolean wants(Filter filter, Blocks.Event event, String json) {
        boolean collection = !event.isCommit() || filter.collections().isEmpty();
        for (String wanted : filter.collections()) {
            collection |= wanted.endsWith(".*")
                    ? event.collection().startsWith(wanted.substring(0, wanted.length() - 1))
                    : event.collection().equals(wanted);
        }
        boolean did = filter.dids().isEmpty() || filter.dids().contains(event.did());
        int size = json.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        return collection && did && (filter.maxMessageBytes() == 0 || size <= filter.maxMessageBytes());
    }
}
