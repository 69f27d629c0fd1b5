package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.jetstream.Patience;
import dev.jetstream.app.PipelineMetrics;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.Inputs;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.metrics.MetricsPage;
import dev.jetstream.subscriber.SubscriberMetrics;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Scrapes over a real socket, as Prometheus does. */
class MetricsEndpointIT {
    private static final Duration TICK = Duration.ofMillis(100);

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ActorSystem<Void> system;
    private static PipelineMetrics pipeline;
    private static final AtomicInteger failures = new AtomicInteger();
    private static HttpEndpoint server;
    private static String firstPage;

    @BeforeAll
    static void start() throws Exception {
        system = ActorSystem.create(
                Behaviors.empty(), "metrics", ConfigLoader.load(Inputs.none()).actorSystemConfig());
        pipeline =
                new PipelineMetrics(List.of("commit", "identity", "account", "error"), List.of("sync", "wrong_hash"));
        new JournalMetrics();
        new SubscriberMetrics();
        server = serve(0);
        firstPage = get("/metrics").body();
    }

    @AfterAll
    static void stop() throws Exception {
        server.stop().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static HttpEndpoint serve(int port) throws Exception {
        MetricsPage page = MetricsPage.start(TICK, "1.2.3");
        page.open();
        Supplier<CompletionStage<String>> text = () -> {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IllegalStateException("made to fail");
            }
            return page.text();
        };
        return HttpEndpoint.startMetrics(system, new InetSocketAddress("127.0.0.1", port), text);
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private static HttpResponse<String> send(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aPageThatFailsIsAnswered500AndTheNextOneIsServed() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger(MetricsRoute.class);
        log.setLevel(Level.OFF);
        failures.set(1);
        assertThat(get("/metrics").statusCode()).isEqualTo(500);
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
        log.setLevel(null);
    }

    static Stream<String> countersOfV1() {
        return Stream.of(
                "jetstream_events_delivered_total",
                "jetstream_bytes_delivered_total",
                "jetstream_events_emitted_total",
                "jetstream_bytes_emitted_total",
                "jetstream_subscribers_connected",
                "consumer_events_processed_total{event_type=\"commit\"}",
                "consumer_events_processed_total{event_type=\"identity\"}",
                "consumer_events_processed_total{event_type=\"account\"}",
                "consumer_events_processed_total{event_type=\"error\"}",
                "consumer_last_seq",
                "consumer_last_evt_processed_at",
                "consumer_last_evt_created_at",
                "consumer_last_evt_created_evt_processed_gap",
                "consumer_events_sequenced_total",
                "consumer_events_persisted_total",
                "consumer_events_emitted_total",
                "jetstream_events_dropped_total{reason=\"sync\"}",
                "jetstream_events_dropped_total{reason=\"wrong_hash\"}");
    }

    @ParameterizedTest
    @MethodSource("countersOfV1")
    void isOnTheFirstPage(String name) {
        // Kamon is one for the process: tests before this one may have counted.
        assertThat(value(firstPage, name)).as(name).isNotNull();
    }

    @Test
    void countsOpsByKindAndCollectionFromTheFirstPageOn() {
        assertThat(opsValue(firstPage, "create", "app.bsky.feed.post")).isNotNull();
        assertThat(opsValue(firstPage, "delete", "other")).isNotNull();
    }

    private static Double opsValue(String page, String kind, String collection) {
        Matcher line = Pattern.compile("consumer_ops_processed_total\\{(?=[^}]*kind=\"" + kind + "\")(?=[^}]*op_path=\""
                        + Pattern.quote(collection) + "\")[^}]*} ([0-9.]+)")
                .matcher(page);
        return line.find() ? Double.valueOf(line.group(1)) : null;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "process_cpu_seconds_total",
                "process_resident_memory_bytes",
                "process_open_fds",
                "process_start_time_seconds",
                "jvm_memory_used_bytes{area=\"heap\"}",
                "jvm_threads_current"
            })
    void theProcessShowsItself(String name) throws Exception {
        assertThat(value(pageWhere(page -> value(page, name) > 0), name)).isPositive();
    }

    @Test
    void theProcessFiguresAreOfTheRightSize() throws Exception {
        String page = get("/metrics").body();
        double started = value(page, "process_start_time_seconds");
        assertThat(started).isBetween(1.6e9, 4e9);
        assertThat(value(page, "process_resident_memory_bytes")).isBetween(10e6, 1e12);
        assertThat(page).containsPattern("jvm_gc_collection_seconds_sum\\{gc=\"[^\"]+\"} [0-9.]+");
        assertThat(page).containsPattern("jvm_gc_collection_seconds_count\\{gc=\"[^\"]+\"} [0-9.]+");
    }

    @Test
    void theProgramSaysItsVersion() {
        assertThat(firstPage).containsPattern("jetstream_build_info\\{version=\"[^\"]+\"} 1\\.0");
    }

    @Test
    void theLagOfAFrameFromTheFutureIsNegative() throws Exception {
        pipeline.last(42, 1_700_000_003_000_000L, 1_700_000_001_000_000L);
        assertThat(value(pageOfNow(), "consumer_last_evt_created_evt_processed_gap"))
                .isEqualTo(-2);
    }

    /** A page that has all that was counted before this call. */
    private static String pageOfNow() throws Exception {
        String counter = "jetstream_events_dropped_total{reason=\"sync\"}";
        double before = value(get("/metrics").body(), counter);
        pipeline.dropped("sync", 1);
        return pageWhere(page -> value(page, counter) > before);
    }

    @Test
    void whatHappensShowsUnderTheNamesOfV1() throws Exception {
        // Kamon is one for the process: servers of other tests have counted.
        String before = pageOfNow();
        pipeline.processed(new int[] {5, 4, 3, 2});
        pipeline.ops("app.bsky.feed.like", 7, 1, 2);
        pipeline.sequenced(10);
        pipeline.published(10, 5_000);
        pipeline.dropped("wrong_hash", 3);
        pipeline.took(300_000, 10);
        pipeline.last(42, 1_700_000_000_000_000L, 1_700_000_001_500_000L);
        String page = pageOfNow();

        assertThat(since(before, page, "jetstream_bytes_emitted_total")).isEqualTo(5_000);
        assertThat(since(before, page, "consumer_events_processed_total{event_type=\"commit\"}"))
                .isEqualTo(5);
        assertThat(since(before, page, "consumer_events_processed_total{event_type=\"error\"}"))
                .isEqualTo(2);
        assertThat(opsValue(page, "create", "app.bsky.feed.like") - opsValue(before, "create", "app.bsky.feed.like"))
                .isEqualTo(7);
        assertThat(opsValue(page, "delete", "app.bsky.feed.like") - opsValue(before, "delete", "app.bsky.feed.like"))
                .isEqualTo(2);
        assertThat(since(before, page, "jetstream_events_dropped_total{reason=\"wrong_hash\"}"))
                .isEqualTo(3);
        assertThat(value(page, "consumer_last_seq")).isEqualTo(42);
        assertThat(value(page, "consumer_last_evt_processed_at")).isEqualTo(1_700_000_001_500_000_000.0);
        assertThat(value(page, "consumer_last_evt_created_evt_processed_gap")).isEqualTo(1.5);
        String duration = "consumer_event_processing_duration_seconds";
        assertThat(since(before, page, duration + "_count")).isEqualTo(10);
        assertThat(page.lines().filter(line -> line.startsWith(duration + "_bucket")))
                .hasSize(18 + 1);
        assertThat(since(before, page, duration + "_bucket{le=\"1.0E-4\"}")).isZero();
        assertThat(since(before, page, duration + "_bucket{le=\"4.0E-4\"}")).isEqualTo(10);
    }

    private static double since(String before, String page, String series) {
        return value(page, series) - value(before, series);
    }

    @Test
    void everyLineIsOfThePrometheusTextFormat() {
        assertThat(firstPage.lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) [a-z_]+ .+")
                        || line.matches("[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? [0-9.E+-]+"));
        assertThat(firstPage).endsWith("\n").doesNotContain("kamon");
    }

    @Test
    void answersWithTheContentTypeOfTheFormat() throws Exception {
        HttpResponse<String> answer = get("/metrics?name[]=x");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElseThrow())
                .isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8");
        assertThat(send("HEAD", "/metrics").statusCode()).isEqualTo(200);
        assertThat(send("HEAD", "/metrics").body()).isEmpty();
    }

    @Test
    void pointsToThePageAndRefusesAllElse() throws Exception {
        assertThat(get("/").body()).contains("/metrics");
        assertThat(get("/nope").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(send("POST", "/metrics").headers().firstValue("allow")).contains("GET, HEAD");
    }

    @Test
    void saysWhenThePortIsTaken() {
        assertThatThrownBy(() -> serve(server.address().getPort())).hasStackTraceContaining("Address already in use");
    }

    /** Scrapes until the page is as wished. */
    private static String pageWhere(Predicate<String> condition) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String page = get("/metrics").body();
        while (!condition.test(page)) {
            assertThat(System.nanoTime()).as("deadline; the page is %s", page).isLessThan(deadline);
            page = get("/metrics").body();
        }
        return page;
    }

    private static Double value(String page, String series) {
        return page.lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> Double.valueOf(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(null);
    }
}
