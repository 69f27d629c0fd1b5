package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.SyntheticOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the relay sends and what subscribers get agree, event for event and in order. */
@Timeout(180)
class AgreementIT {
    private static final int FRAMES = 85_000;
    private static final int EVENTS = 100_000;
    /** Enough for many blocks between two stops, or two faults. */
    private static final int FEWER_FRAMES = 34_000;

    private static final int FEWER_EVENTS = 40_000;
    private static final int FAULTS = 9;
    private static final int JOINS = 100;
    /** Frames before the first join. */
    private static final long HELD = 10_000;
    /** Frames that the relay sends while clients join. */
    private static final long MEANWHILE = 12_000;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();

    @Test
    void liveAndReplayFromTheStartAreWhatTheRelaySent() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger)) {
            upstream.relay().pause();
            try (TestServer server = TestServer.start(data, upstream.relay().uri());
                    Follower live = new Follower(ledger, 0).connect(server.address(), "")) {
                upstream.relay().resume();
                upstream.awaitMade(FRAMES);
                assertThat(ledger.count()).isGreaterThanOrEqualTo(EVENTS);
                live.awaitEvent(ledger.count());
                assertReplayIs(live, server);
            }
        }
    }

    private void assertReplayIs(Follower live, TestServer server) throws Exception {
        try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            assertThat(replay.awaitEvent(ledger.count()).times()).isEqualTo(live.times());
        }
    }

    @Test
    void stopsAndStartsOnTheSameDataLoseAndRepeatNothing() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FEWER_FRAMES), ledger);
                Follower follower = new Follower(ledger, 0)) {
            for (int stop = 1; stop <= 4; stop++) {
                try (TestServer server = TestServer.start(data, upstream.relay().uri())) {
                    follower.resume(server.address()).awaitEvent(stop * FEWER_EVENTS / 5);
                    server.stop();
                    assertThat(follower.awaitClose()).isEqualTo(1012);
                }
            }
            try (TestServer server = TestServer.start(data, upstream.relay().uri())) {
                follower.resume(server.address());
                upstream.awaitMade(FEWER_FRAMES);
                follower.awaitEvent(ledger.count());
                assertReplayIs(follower, server);
            }
        }
    }

    @Test
    void upstreamReconnectsLoseAndRepeatNothing() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FEWER_FRAMES), ledger);
                TestServer server = TestServer.start(data, upstream.relay().uri());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            Scrape before = server.scrape();
            for (int fault = 0; fault < FAULTS; fault++) {
                follower.awaitEvent((fault + 1) * FEWER_EVENTS / (FAULTS + 1));
                int had = upstream.relay().cursors().size();
                switch (fault % 3) {
                    case 0 -> upstream.relay().dropConnections();
                    case 1 -> upstream.relay().dropMidFrame();
                    default -> upstream.relay().closeConnections(1001, "restart");
                }
                Await.until(() -> upstream.relay().cursors().size() > had, () -> "a reconnect");
            }
            upstream.awaitMade(FEWER_FRAMES);
            follower.awaitEvent(ledger.count());
            assertThat(upstream.relay().cursors()).hasSize(FAULTS + 1);
            assertThat(upstream.relay().cursors().get(FAULTS)).isNotEmpty();
            server.awaitScrape(page -> page.since(before, "jetstream_upstream_connects_total") >= FAULTS);
        }
    }

    @Test
    void aHundredReplaysJoinLiveWhileTheRelaySendsOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("joins at cursors of the random seed " + seed);
        Upstream fast = Upstream.start(Upstream.frames(HELD), ledger);
        try (TestServer server = TestServer.start(data, fast.relay().uri());
                Follower live = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            fast.awaitMade(HELD);
            live.awaitEvent(ledger.count());
            fast.stop();
            SyntheticOptions steady = Upstream.frames(MEANWHILE)
                    .withRate(2_000)
                    .withFirstSeq(HELD + 1)
                    .withSeed(2);
            RelayOptions samePlace = RelayOptions.at("127.0.0.1", fast.relay().port());
            try (Upstream upstream = Upstream.start(steady, samePlace, ledger)) {
                join(server, upstream, live, new Random(seed));
            }
        }
    }

    private void join(TestServer server, Upstream upstream, Follower live, Random random) throws Exception {
        List<Follower> joined = new ArrayList<>();
        try {
            for (int join = 0; join < JOINS; join++) {
                upstream.awaitMade(HELD + MEANWHILE * join / JOINS);
                long[] times = live.times();
                int place = random.nextInt(times.length);
                boolean exact = random.nextBoolean() || place == 0 || times[place - 1] == times[place] - 1;
                long cursor = exact ? times[place] : times[place] - 1;
                joined.add(new Follower(ledger, place).connect(server.address(), "?cursor=" + cursor));
            }
            upstream.awaitMade(HELD + MEANWHILE);
            live.awaitEvent(ledger.count());
            long[] times = live.times();
            for (Follower follower : joined) {
                follower.awaitEvent(ledger.count());
                assertThat(follower.times()).isEqualTo(Arrays.copyOfRange(times, follower.first(), times.length));
            }
        } finally {
            for (Follower follower : joined) {
                follower.close();
            }
        }
    }
}
