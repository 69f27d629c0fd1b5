package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server by a wall clock that somebody sets while it runs. */
@Timeout(180)
class ClockIT {
    private static final long HOUR_US = TimeUnit.HOURS.toMicros(1);
    private static final long DAY_US = TimeUnit.DAYS.toMicros(1);
    private static final long SECOND_US = TimeUnit.SECONDS.toMicros(1);
    private static final int FRAMES_A_STEP = 2_000;
    private static final String AHEAD = "jetstream_newest_event_ahead_of_clock_seconds";
    private static final String BACK = "jetstream_clock_steps_total{direction=\"back\"}";
    private static final String FORWARD = "jetstream_clock_steps_total{direction=\"forward\"}";

    /** So that what is held would be too old at once by a clock that is ahead by a day. */
    private static final Map<String, String> SHORT_LIVED =
            Map.of("jetstream.journal.event-ttl", "10m", "jetstream.journal.retention-interval", "10ms");

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();
    private final AtomicLong setByUs = new AtomicLong();
    private final LongSupplier clockUs =
            () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) + setByUs.get();

    private TestServer serve(Upstream upstream) throws Exception {
        return TestServer.start(data, upstream.relay().uri(), SHORT_LIVED, clockUs);
    }

    @Test
    void timesGoOnInOrderAndNothingIsDeletedTooEarly() throws Exception {
        try (LogLines log = new LogLines();
                Upstream upstream = Upstream.start(Upstream.frames(FRAMES_A_STEP), ledger);
                Follower follower = new Follower(ledger, 0)) {
            try (TestServer server = serve(upstream)) {
                follower.connect(server.address(), "?cursor=0");
                send(upstream, follower);
                stepBack(upstream, server, follower, log);
                stepForward(upstream, server, follower, log);
                assertAllIsHeld(server, follower);
            }
            setByUs.set(0);
            try (TestServer server = serve(upstream)) {
                follower.resume(server.address());
                long before = follower.lastTime();
                send(upstream, follower);
                assertThat(follower.lastTime()).isBetween(before, before + SECOND_US);
                assertAhead(server, TimeUnit.DAYS.toSeconds(1));
                assertAllIsHeld(server, follower);
            }
        }
    }

    private void stepBack(Upstream upstream, TestServer server, Follower follower, LogLines log) throws Exception {
        Scrape before = server.scrape();
        long last = follower.lastTime();
        setByUs.addAndGet(-HOUR_US);
        server.awaitScrape(page -> page.since(before, BACK) == 1);
        assertThat(log.text()).contains("the wall clock was set by_seconds=-3");
        send(upstream, follower);
        assertThat(follower.lastTime()).isBetween(last, last + SECOND_US);
        assertAhead(server, TimeUnit.HOURS.toSeconds(1));
        assertThat(log.text()).contains("the newest event is ahead of the wall clock by_seconds=3");
    }

    private void stepForward(Upstream upstream, TestServer server, Follower follower, LogLines log) throws Exception {
        Scrape before = server.scrape();
        setByUs.addAndGet(HOUR_US + DAY_US);
        server.awaitScrape(page -> page.since(before, FORWARD) == 1 && page.value(AHEAD) == 0);
        assertThat(log.text()).containsPattern("the wall clock was set by_seconds=(9|8999)");
        send(upstream, follower);
        assertThat(follower.lastTime()).isGreaterThan(clockUs.getAsLong() - HOUR_US);
    }

    /** It is about so much: time goes on meanwhile. */
    private void assertAhead(TestServer server, long seconds) throws Exception {
        server.awaitScrape(page -> page.value(AHEAD) > 0.9 * seconds && page.value(AHEAD) <= seconds + 1);
    }

    private void send(Upstream upstream, Follower follower) {
        long end = upstream.source().newestSeq() + FRAMES_A_STEP;
        upstream.source().setLimit(end);
        upstream.awaitMade(end);
        follower.awaitEvent(ledger.count());
    }

    /** Retention has looked many times meanwhile. */
    private void assertAllIsHeld(TestServer server, Follower follower) throws Exception {
        try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            assertThat(replay.awaitEvent(ledger.count()).times()).isEqualTo(follower.times());
        }
    }
}
