package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.V1Lines;
import dev.jetstream.websocket.FrameHeader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The metrics page of a fresh process: all that v1's dashboards query is there at once, and then agrees with what was sent. */
@Timeout(120)
class MetricsPageIT {
    private static final long FRAMES = 5_000;
    private static final int DURATION_BUCKETS = 18;
    private static final List<String> COUNTERS = List.of(
            "jetstream_events_delivered_total",
            "jetstream_bytes_delivered_total",
            "jetstream_events_emitted_total",
            "jetstream_bytes_emitted_total",
            "consumer_events_sequenced_total",
            "consumer_events_persisted_total",
            "consumer_events_emitted_total",
            "indigo_repo_stream_bytes_total");
    private static final List<String> GAUGES = List.of(
            "jetstream_subscribers_connected",
            "consumer_last_seq",
            "consumer_last_evt_processed_at",
            "consumer_last_evt_created_at",
            "consumer_last_evt_created_evt_processed_gap");

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();
    private final Map<String, Double> due = new ConcurrentSkipListMap<>();
    private volatile SentFrame last;
    private volatile long bytes;

    /** Counts what was sent under the names of the page. */
    private void count(SentFrame frame) {
        ledger.accept(frame);
        last = frame;
        for (String line : V1Lines.of(frame)) {
            int size = MadeEvent.size(line);
            bytes += FrameHeader.size(size) + size;
        }
        if (frame instanceof SentFrame.Commit commit) {
            add("consumer_events_processed_total{event_type=\"commit\"}");
            for (SentFrame.Op op : commit.ops()) {
                add("kind=\"" + op.action() + "\"");
                if (op.collection().startsWith("app.bsky.")) {
                    add("consumer_ops_processed_total{kind=\"" + op.action() + "\",op_path=\"" + op.collection()
                            + "\"}");
                }
            }
        } else if (frame instanceof SentFrame.Identity) {
            add("consumer_events_processed_total{event_type=\"identity\"}");
        } else if (frame instanceof SentFrame.Account) {
            add("consumer_events_processed_total{event_type=\"account\"}");
        } else {
            add("jetstream_events_dropped_total{reason=\"sync\"}");
        }
    }

    private void add(String sample) {
        due.merge(sample, 1.0, Double::sum);
    }

    @Test
    void hasEveryNameFromTheFirstScrapeAndThenCountsWhatIsSent() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), this::count)) {
            upstream.relay().pause();
            try (JarServer server = JarServer.start(directory, upstream.relay().uri(), List.of())) {
                assertIsWholeAndZero(server.scrape());
                // Silence shows before the first frame, too: the alert for it counts on that.
                String silence = "jetstream_upstream_seconds_since_last_frame";
                Await.until(() -> server.scrapeOrFail().value(silence) > 1, () -> "no silence on the page");
                try (Follower follower = new Follower(ledger, 0).connect(server.address(), "")) {
                    upstream.relay().resume();
                    upstream.awaitMade(FRAMES);
                    follower.awaitEvent(ledger.count());
                    Await.until(() -> delivered(server) == ledger.count(), () -> "delivered " + delivered(server));
                    assertAgrees(server.scrape());
                }
            }
        }
    }

    private static double delivered(JarServer server) {
        return server.scrapeOrFail().value("jetstream_events_delivered_total");
    }

    private static void assertIsWholeAndZero(Scrape page) {
        Stream<String> byType = Stream.of("commit", "identity", "account", "error")
                .map(type -> "consumer_events_processed_total{event_type=\"" + type + "\"}");
        Stream<String> byKind = Stream.of("create", "update", "delete")
                .map(kind -> "consumer_ops_processed_total{kind=\"" + kind + "\",op_path=\"app.bsky.feed.post\"}");
        Stream.of(COUNTERS.stream(), byType, byKind)
                .flatMap(names -> names)
                .forEach(name -> assertThat(page.value(name)).as(name).isZero());
        COUNTERS.forEach(name -> assertThat(page.type(name)).as(name).isEqualTo("counter"));
        assertThat(GAUGES).allSatisfy(name -> {
            assertThat(page.value(name)).as(name).isZero();
            assertThat(page.type(name)).as(name).isEqualTo("gauge");
        });
        String duration = "consumer_event_processing_duration_seconds";
        assertThat(page.type(duration)).isEqualTo("histogram");
        assertThat(page.value(duration + "_count")).isZero();
        assertThat(page.all(duration + "_bucket")).hasSize(DURATION_BUCKETS + 1).containsKey("{le=\"+Inf\"}");
        assertThat(page.value("process_cpu_seconds_total")).isPositive();
        assertThat(page.value("process_resident_memory_bytes")).isPositive();
        assertThat(page.all("jetstream_events_dropped_total"))
                .isNotEmpty()
                .allSatisfy((labels, value) -> assertThat(value).isZero());
    }

    private void assertAgrees(Scrape page) {
        double events = ledger.count();
        for (String name :
                COUNTERS.stream().filter(name -> name.contains("_events_")).toList()) {
            assertThat(page.value(name)).as(name).isEqualTo(events);
        }
        assertThat(page.value("jetstream_bytes_emitted_total")).isEqualTo(bytes);
        // A ping is two bytes, and there was one at most.
        assertThat(page.value("jetstream_bytes_delivered_total")).isBetween((double) bytes, bytes + 2.0);
        assertThat(page.value("jetstream_subscribers_connected")).isEqualTo(1);
        assertThat(page.value("consumer_last_seq")).isEqualTo(FRAMES);
        assertThat(page.value("consumer_event_processing_duration_seconds_count"))
                .isEqualTo(FRAMES);
        assertThat(page.value("indigo_repo_stream_bytes_total")).isGreaterThan(bytes);

        Map<String, Double> kinds = new TreeMap<>();
        page.all("consumer_ops_processed_total")
                .forEach((labels, value) -> kinds.merge(labels.substring(1, labels.indexOf(',')), value, Double::sum));
        due.forEach((sample, value) -> assertThat(sample.startsWith("kind=") ? kinds.get(sample) : page.value(sample))
                .as(sample)
                .isEqualTo(value));

        double created = Instant.parse(last.time()).toEpochMilli() * 1e6;
        double processed = page.value("consumer_last_evt_processed_at");
        assertThat(page.value("consumer_last_evt_created_at")).isCloseTo(created, within(1e6));
        assertThat(processed).isGreaterThanOrEqualTo(created);
        assertThat(page.value("consumer_last_evt_created_evt_processed_gap"))
                .isCloseTo((processed - created) / 1e9, within(0.01));
    }
}
