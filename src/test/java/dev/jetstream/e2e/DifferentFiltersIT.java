package dev.jetstream.e2e;

import static dev.jetstream.e2e.MadeEvent.size;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.relay.SentFrame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Subscribers that ask differently, at the same time: each gets exactly what a naive filter gives. */
@Timeout(120)
class DifferentFiltersIT {
    private static final long FRAMES = 1_500;
    private static final byte[] NO_DICTIONARY = {};

    @TempDir
    Path data;

    private final List<MadeEvent> sent = Collections.synchronizedList(new ArrayList<>());

    private void keep(SentFrame frame) {
        sent.addAll(MadeEvent.of(frame));
    }

    /** A client with its filter. */
    private record Asking(TestFilter filter, LineSink sink, EventClient client) {}

    @Test
    void liveAndReplayingEachGetsWhatItAskedForAndNothingElse() throws Exception {
        asksInEveryWay(Map.of(), NO_DICTIONARY);
    }

    @Test
    void withTheOfficialDictionaryToo() throws Exception {
        Path file = Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"), "zstd_dictionary");
        assumeTrue(Files.exists(file), () -> "the official dictionary is not there: " + file);
        asksInEveryWay(Map.of("jetstream.zstd.dictionary-file", file.toString()), Files.readAllBytes(file));
    }

    private void asksInEveryWay(Map<String, String> settings, byte[] dictionary) throws Exception {
        List<Asking> asking = new ArrayList<>();
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), this::keep)) {
            upstream.relay().pause();
            try (TestServer server = TestServer.start(data, upstream.relay().uri(), settings)) {
                asking.addAll(ask(server, "", filters(Set.of("did:web:user49.relay.example"), 600, 520), dictionary));
                upstream.relay().resume();
                upstream.awaitMade(FRAMES);
                awaitAll(asking);
                Set<String> dids = Set.of(sent.get(0).did(), sent.get(7).did(), "did:plc:nobody");
                MadeEvent some = sent.get(sent.size() / 2);
                asking.addAll(ask(server, "&cursor=0", filters(dids, size(some.v1()), size(some.v0())), dictionary));
                awaitAll(asking);
                server.stop();
                // Whatever somebody was sent beyond its due has come by its close frame.
                asking.forEach(
                        each -> assertThat(each.client().awaitEnd().closeCode()).isEqualTo(1012));
                asking.forEach(each ->
                        assertThat(each.sink().lines()).isEqualTo(each.filter().of(sent)));
            }
        } finally {
            for (Asking each : asking) {
                each.client().close();
            }
        }
    }

    private static List<TestFilter> filters(Set<String> dids, int bytes, int otherBytes) {
        return List.of(
                TestFilter.ALL,
                TestFilter.collections("app.bsky.feed.post"),
                TestFilter.collections("app.bsky.graph.*", "app.bsky.actor.profile"),
                TestFilter.collections("com.nobody.*"),
                TestFilter.ALL.withDids(dids),
                TestFilter.collections("app.bsky.feed.*").withDids(dids),
                TestFilter.ALL.withMaxBytes(bytes),
                TestFilter.ALL.withMaxBytes(otherBytes),
                TestFilter.collections("app.bsky.feed.*").withMaxBytes(otherBytes));
    }

    /** Each filter plain and compressed, in both formats. */
    private static List<Asking> ask(TestServer server, String more, List<TestFilter> filters, byte[] dictionary)
            throws IOException {
        List<Asking> asking = new ArrayList<>();
        for (TestFilter one : filters) {
            for (TestFilter filter : List.of(one, one.asV0())) {
                LineSink plain = LineSink.plain();
                asking.add(new Asking(filter, plain, server.subscribe(filter.query() + more, plain)));
                LineSink packed = LineSink.zstd(dictionary);
                asking.add(
                        new Asking(filter, packed, server.subscribe(filter.query() + more + "&compress=true", packed)));
            }
        }
        return asking;
    }

    private void awaitAll(List<Asking> asking) {
        for (Asking each : asking) {
            int due = each.filter().of(sent).size();
            Await.until(
                    () -> each.sink().size() >= due,
                    () -> each.filter() + " got " + each.sink().size() + " of " + due);
        }
    }

    @Test
    void anOptionsUpdateReplacesAllWishesForWhatComesThen() throws Exception {
        long half = FRAMES / 2;
        try (Upstream upstream = Upstream.start(Upstream.frames(half), this::keep)) {
            upstream.relay().pause();
            LineSink sink = LineSink.plain();
            TestFilter first = TestFilter.collections("app.bsky.feed.like").withMaxBytes(2_000);
            try (TestServer server = TestServer.start(data, upstream.relay().uri());
                    EventClient client = server.subscribe("?requireHello=true", sink)) {
                update(server, client, first);
                upstream.relay().resume();
                upstream.awaitMade(half);
                int before = sent.size();
                List<String> due = new ArrayList<>(first.of(sent));
                Await.until(() -> sink.size() >= due.size(), () -> "the first half");
                server.awaitScrape(page -> page.value("consumer_last_seq") == half);

                TestFilter second = TestFilter.collections("app.bsky.graph.*");
                update(server, client, second);
                upstream.source().setLimit(FRAMES);
                upstream.awaitMade(FRAMES);
                due.addAll(second.of(sent.subList(before, sent.size())));
                Await.until(() -> sink.size() >= due.size(), () -> "the second half");
                server.stop();
                client.awaitEnd();
                assertThat(sink.lines()).isEqualTo(due);
            }
        }
    }

    private static void update(TestServer server, EventClient client, TestFilter filter) throws IOException {
        Scrape before = server.scrape();
        client.send(filter.optionsUpdate());
        server.awaitScrape(page -> page.since(before, "jetstream_subscriber_options_updates_total") == 1);
    }
}
