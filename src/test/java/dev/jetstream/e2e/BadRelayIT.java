package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SyntheticNetwork;
import dev.jetstream.relay.SyntheticOptions;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The relay does all that it should not: ingest goes on by itself, every event comes once and in order, and neither the relay nor
 * the log is hammered meanwhile.
 */
@Timeout(120)
class BadRelayIT {
    private static final long FRAMES = 6_000;
    private static final int ROUNDS = 2;
    private static final int LINES_AN_ATTEMPT = 2;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();

    @ParameterizedTest
    @EnumSource
    void ingestGoesOnAndEachEventComesOnce(RelayFault fault) throws Exception {
        try (LogLines log = new LogLines();
                Upstream upstream = Upstream.start(Upstream.frames(FRAMES).withRate(6_000), ledger);
                TestServer server = TestServer.start(data, upstream.relay().uri(), fault.settings());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            for (int round = 1; round <= ROUNDS; round++) {
                follower.awaitEvent((int) FRAMES * round / (ROUNDS + 2));
                inflict(fault, upstream, server, log);
            }
            upstream.awaitMade(FRAMES);
            follower.awaitEvent(ledger.count());
            server.awaitScrape(page -> page.value("jetstream_upstream_connected") == 1);
            try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                assertThat(replay.awaitEvent(ledger.count()).times()).isEqualTo(follower.times());
            }
        }
    }

    private static void inflict(RelayFault fault, Upstream upstream, TestServer server, LogLines log) throws Exception {
        Scrape before = server.scrape();
        int linesBefore = log.from(".upstream.");
        long begun = System.nanoTime();
        fault.begin(upstream.relay());
        Scrape after = server.awaitScrape(page -> page.since(before, fault.counter()) >= fault.times());
        int lines = log.from(".upstream.") - linesBefore;
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        fault.end(upstream.relay());

        double attempts = after.all("jetstream_upstream_ends_total").keySet().stream()
                .mapToDouble(reason -> after.since(before, "jetstream_upstream_ends_total" + reason))
                .sum();
        // The first few waits are short; then each is at least half of the longest.
        double most = 10 + 2.0 * millis / RelayFault.MAX_BACKOFF_MILLIS;
        assertThat(attempts).isLessThanOrEqualTo(most);
        assertThat((double) lines).isLessThanOrEqualTo(LINES_AN_ATTEMPT * most);
    }

    @Test
    void seqsThatJumpAheadFlowAndThoseThatGoBackAreRepeatsOnlyWithOldContent() throws Exception {
        FrameList frames = new FrameList();
        SyntheticNetwork ahead = new SyntheticNetwork(2, 20, 1_000_000_000, InstantSource.system());
        try (RelayServer relay = RelayServer.start(frames, RelayOptions.anyPort());
                TestServer server = TestServer.start(data, relay.uri());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            Scrape before = server.scrape();
            List<SyntheticNetwork.Made> first = send(frames, new SyntheticNetwork(1, 20, 1, InstantSource.system()));
            send(frames, ahead);
            follower.awaitEvent(ledger.count());
            send(frames, new SyntheticNetwork(3, 20, 500, InstantSource.system()));
            first.forEach(made -> frames.add(made.sent().seq(), made.frame()));
            send(frames, ahead);
            follower.awaitEvent(ledger.count());
            server.awaitScrape(page -> page.since(before, "jetstream_events_dropped_total{reason=\"repeat\"}") == 100);
            assertThat(server.scrape().since(before, "jetstream_upstream_sequence_resets_total"))
                    .isEqualTo(1);
            assertThat(server.scrape().since(before, "jetstream_upstream_connects_total"))
                    .isLessThanOrEqualTo(1);
        }
    }

    private List<SyntheticNetwork.Made> send(FrameList frames, SyntheticNetwork network) {
        List<SyntheticNetwork.Made> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            SyntheticNetwork.Made made = network.next();
            ledger.accept(made.sent());
            frames.add(made.sent().seq(), made.frame());
            sent.add(made);
        }
        return sent;
    }

    /** Its cursor lies in the relay's future then: there is nothing to go on from but the newest frame. */
    @Test
    void aRelayThatBeganAnewWithLowerSeqsIsFollowedLive() throws Exception {
        Upstream old = Upstream.start(Upstream.frames(2_000), ledger);
        try (TestServer server = TestServer.start(data, old.relay().uri());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            old.awaitMade(2_000);
            follower.awaitEvent(ledger.count());
            old.stop();
            Scrape before = server.scrape();
            RelayOptions samePlace = RelayOptions.at("127.0.0.1", old.relay().port());
            SyntheticOptions lower = Upstream.frames(1).withSeed(2);
            try (Upstream fresh = Upstream.start(lower, samePlace, sent -> {
                if (sent.seq() > 1) {
                    ledger.accept(sent);
                }
            })) {
                Await.until(() -> fresh.relay().cursors().contains(OptionalLong.empty()), () -> "a live connection");
                Await.until(() -> fresh.relay().connections() == 1, () -> "which is open");
                fresh.source().setLimit(1_000);
                fresh.awaitMade(1_000);
                follower.awaitEvent(ledger.count());
                server.awaitScrape(page -> page.since(before, "jetstream_upstream_future_cursors_total") == 1);
            }
        }
    }
}
