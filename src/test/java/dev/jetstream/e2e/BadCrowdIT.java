package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Crowds of bad clients, beside good ones that get everything all the same. The server is a process of its own whose heap would
 * not hold what they would like it to hold; when they are gone, all that they took is given back.
 */
@Timeout(400)
class BadCrowdIT {
    private static final double RATE = 2_000;
    private static final int FEW_GOOD = 20;
    private static final int MANY_GOOD = 100;
    private static final int MIN_EVENTS = 1_000;
    private static final double MAX_RESIDENT_BYTES = 600e6;
    private static final double MAX_FILES_MORE = 12;
    private static final double MIN_RATIO = 0.9;
    private static final double STEADY = 0.03;
    private static final List<String> SMALL = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    private static final Map<String, String> LIMITS = Map.of(
            "JETSTREAM_HTTP_HEAD_TIMEOUT", "2s",
            "JETSTREAM_HTTP_IDLE_TIMEOUT", "2s",
            "JETSTREAM_SUBSCRIBER_MAX_OPTIONS_UPDATES_PER_SECOND", "1000");

    @TempDir
    private static Path directory;

    private static final Ledger LEDGER = new Ledger();
    private static final List<Follower> GOOD = new ArrayList<>();
    private static Upstream upstream;
    private static JarServer server;

    /** Once for all crowds of one size. */
    private static void start(int goodOnes) throws Exception {
        if (server == null) {
            upstream = Upstream.start(Upstream.frames(0).withRate(RATE), LEDGER);
            server = JarServer.start(directory, upstream.relay().uri(), SMALL, LIMITS);
            for (int i = 0; i < goodOnes; i++) {
                GOOD.add(new Follower(LEDGER, 0).forgetful().connect(server.address(), "?cursor=0"));
            }
            awaitAll(MIN_EVENTS);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        for (Follower follower : GOOD) {
            follower.close();
        }
        server.close();
        upstream.close();
    }

    @ParameterizedTest
    @EnumSource
    void someOfThemDoNoHarm(BadCrowd crowd) throws Exception {
        start(FEW_GOOD);
        endure(crowd, crowd.count(false));
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void manyOfThemDoNoHarm(BadCrowd crowd) throws Exception {
        start(MANY_GOOD);
        awaitSteadyPace();
        double without = rate(() -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5)));
        double with = rate(() -> endure(crowd, crowd.count(true)));
        System.out.printf("%s: good clients get %.0f events/s without, %.0f with%n", crowd, without, with);
        assertThat(with / without).isGreaterThan(MIN_RATIO);
    }

    /** Until both JVMs have compiled what has just become hot: before that, it is their start that would be measured. */
    private static void awaitSteadyPace() {
        double[] before = {0};
        Await.until(
                () -> {
                    double now = rate(() -> LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5)));
                    boolean isSteady = Math.abs(now - before[0]) < STEADY * now;
                    before[0] = now;
                    return isSteady;
                },
                () -> before[0] + " events/s");
    }

    /** Events a second that the good ones get while something is done. */
    private static double rate(Runnable meanwhile) {
        long begun = System.nanoTime();
        long had = GOOD.stream().mapToLong(Follower::next).sum();
        meanwhile.run();
        return 1e9 * (GOOD.stream().mapToLong(Follower::next).sum() - had) / (System.nanoTime() - begun);
    }

    private static void endure(BadCrowd crowd, int count) {
        Scrape before = server.awaitScrape(BadCrowdIT::isAtRest);
        int had = LEDGER.count();
        AtomicBoolean goOn = new AtomicBoolean(true);
        CompletableFuture<Void> acting = new CompletableFuture<>();
        Thread thread = new Thread(() -> act(crowd, count, goOn, acting), "bad-crowd");
        thread.setDaemon(true);
        thread.start();
        for (int part = 1; part <= 10 && crowd.counter() != null; part++) {
            double due = Math.ceil(count * part / 10.0);
            server.awaitScrape(page -> acting.isCompletedExceptionally() || page.since(before, crowd.counter()) >= due);
        }
        awaitAll(had + MIN_EVENTS);
        goOn.set(crowd.counter() == null);
        acting.orTimeout(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();

        awaitAll(LEDGER.count());
        Scrape after = server.awaitScrape(page ->
                isAtRest(page) && page.value("process_open_fds") <= before.value("process_open_fds") + MAX_FILES_MORE);
        assertThat(after.value("process_resident_memory_bytes")).isLessThan(MAX_RESIDENT_BYTES);
        assertThat(server.said()).doesNotContain("ERROR", "Exception", "OutOfMemory");
    }

    private static void act(BadCrowd crowd, int count, AtomicBoolean goOn, CompletableFuture<Void> acting) {
        try {
            crowd.act(server.address(), count, goOn::get);
            acting.complete(null);
        } catch (IOException | RuntimeException | AssertionError e) {
            acting.completeExceptionally(e);
        }
    }

    private static double sum(Scrape page, String name) {
        return page.all(name).values().stream().mapToDouble(value -> value).sum();
    }

    /** Whether only the good clients are connected, and each other subscription that was ever opened has been counted as closed. */
    private static boolean isAtRest(Scrape page) {
        return page.value("jetstream_http_connections") == GOOD.size()
                && page.value("jetstream_subscribers_connected") == GOOD.size()
                && sum(page, "jetstream_subscribers") == GOOD.size()
                && page.value("jetstream_http_upgrades_total") - sum(page, "jetstream_subscriber_closes_total")
                        == GOOD.size();
    }

    private static void awaitAll(int place) {
        GOOD.forEach(follower -> follower.awaitEvent(place));
    }
}
