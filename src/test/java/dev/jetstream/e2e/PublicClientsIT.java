package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.relay.SentFrame;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients that exist get from this server what the relay sent, each as its own documentation uses it. */
@Timeout(180)
class PublicClientsIT {
    private static final int HELD = 1_000;
    private static final int LIVE = 40;
    private static final int RATE = 500;
    private static final long NO_END = 200_000;
    private static final Path DICTIONARY =
            Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"), "zstd_dictionary");

    @TempDir
    static Path directory;

    private static final List<MadeEvent> SENT = Collections.synchronizedList(new ArrayList<>());
    private static Upstream upstream;
    private static TestServer plain;
    private static TestServer withDictionary;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start(Upstream.frames(NO_END).withRate(RATE), PublicClientsIT::keep);
        plain = server("plain", "");
        if (Files.exists(DICTIONARY)) {
            withDictionary = server("dictionary", DICTIONARY.toString());
        }
    }

    /** One that has all that the relay ever sent. */
    private static TestServer server(String name, String dictionary) throws Exception {
        return TestServer.start(
                directory.resolve(name),
                upstream.relay().uri(),
                Map.of("--override-relay-cursor", "0", "jetstream.zstd.dictionary-file", dictionary));
    }

    private static void keep(SentFrame frame) {
        SENT.addAll(MadeEvent.of(frame));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : new AutoCloseable[] {plain, withDictionary, upstream}) {
            if (each != null) {
                each.close();
            }
        }
    }

    private static List<MadeEvent> sent() {
        return new ArrayList<>(SENT);
    }

    /** Some accounts' posts, likes and follows, from the start and on. */
    private static TestFilter someFilter() {
        Set<String> dids =
                sent().stream().limit(HELD).map(MadeEvent::did).limit(60).collect(Collectors.toSet());
        return TestFilter.collections("app.bsky.feed.*", "app.bsky.graph.follow")
                .withDids(dids);
    }

    private static void assertReplayAndLive(PublicClient client, ScriptedClient.Ask ask) throws Exception {
        client.runtime.assumeReady();
        Await.until(() -> SENT.size() >= HELD, () -> "events to hold");
        TestFilter filter = someFilter();
        try (ScriptedClient running = ask.filter(filter).cursor(1).start(client)) {
            running.awaitEvents(filter.of(sent()).size() + LIVE);
            List<String> had = running.events();
            List<Object> due = client.due(filter.of(sent()));
            for (int i = 0; i < had.size(); i++) {
                assertThat(client.withoutTime(had.get(i))).isEqualTo(due.get(i));
            }
            assertThat(had).extracting(PublicClient::time).isSorted().doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @EnumSource
    void itReplaysAndThenFollowsWhatItAskedFor(PublicClient client) throws Exception {
        assertReplayAndLive(client, new ScriptedClient.Ask(plain.address()));
    }

    @ParameterizedTest
    @EnumSource(names = {"WS", "WEBSOCKETS"})
    void compressedWithTheOfficialDictionaryToo(PublicClient client) throws Exception {
        assumeTrue(withDictionary != null, "the official dictionary is not there: " + DICTIONARY);
        assertReplayAndLive(client, new ScriptedClient.Ask(withDictionary.address()).dictionary(DICTIONARY));
    }

    @ParameterizedTest
    @EnumSource(names = {"WS", "WEBSOCKETS"})
    void whoHoldsTheDictionaryReadsAServerThatHasNone(PublicClient client) throws Exception {
        assumeTrue(Files.exists(DICTIONARY), "the official dictionary is not there: " + DICTIONARY);
        assertReplayAndLive(client, new ScriptedClient.Ask(plain.address()).dictionary(DICTIONARY));
    }

    @ParameterizedTest
    @EnumSource
    void anOptionsUpdateReplacesItsFilterFromOneEventToTheNext(PublicClient client) throws Exception {
        client.runtime.assumeReady();
        TestFilter first = TestFilter.collections("app.bsky.feed.post");
        TestFilter second = TestFilter.collections("app.bsky.graph.*", "app.bsky.feed.repost");
        try (ScriptedClient running =
                new ScriptedClient.Ask(plain.address()).filter(first).start(client)) {
            running.awaitEvents(LIVE);
            running.update(second);
            Await.until(
                    () -> graphEvents(running) >= LIVE,
                    () -> client + " had " + graphEvents(running) + " of the graph");
            assertChangesOnce(client, running.events(), first, second);
        }
    }

    private static long graphEvents(ScriptedClient running) {
        return running.events().stream()
                .filter(line -> line.contains("\"collection\":\"app.bsky.graph."))
                .count();
    }

    /** There is an event up to which it had all of the first filter, and from which on it had all of the second. */
    private static void assertChangesOnce(
            PublicClient client, List<String> events, TestFilter first, TestFilter second) {
        List<MadeEvent> sent = sent();
        Map<Object, Integer> places = new HashMap<>();
        sent.forEach(event -> places.put(client.withoutTime(event.v1()), places.size()));
        List<Integer> had = events.stream()
                .map(client::withoutTime)
                .map(event -> places.getOrDefault(event, -1))
                .toList();
        assertThat(had).doesNotContain(-1);
        int from = had.get(0);
        int to = had.get(had.size() - 1) + 1;
        List<Integer> before = wanted(client, first, sent);
        List<Integer> after = wanted(client, second, sent);
        assertThat(IntStream.rangeClosed(from, to)
                        .anyMatch(change -> had.equals(joined(before, after, from, change, to))))
                .as("places of the events, from %s to %s: %s", first, second, had)
                .isTrue();
    }

    /** Places of the events that one with this filter must get. */
    private static List<Integer> wanted(PublicClient client, TestFilter filter, List<MadeEvent> sent) {
        return IntStream.range(0, sent.size())
                .filter(place ->
                        !client.due(filter.of(List.of(sent.get(place)))).isEmpty())
                .boxed()
                .toList();
    }

    private static List<Integer> joined(List<Integer> before, List<Integer> after, int from, int change, int to) {
        return Stream.concat(
                        before.stream().filter(place -> place >= from && place < change),
                        after.stream().filter(place -> place >= change && place < to))
                .toList();
    }
}
