package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import dev.jetstream.app.FaultyServer;
import dev.jetstream.app.FaultyServer.Place;
import dev.jetstream.http.WireClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A step of the server throws. In the pipeline it is run again from where the journal ends, in a subscriber it ends that one
 * connection; and what comes back again and again ends the process, with a code and a reason.
 */
@Timeout(120)
class InnerFaultsIT {
    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final int FOLLOWERS = 4;
    private static final long FRAMES = 2_000;
    private static final long FRAMES_A_FAULT = 200;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();
    private final List<Follower> followers = new ArrayList<>();
    private final LogLines log = new LogLines();
    private Upstream upstream;
    private FaultyServer faulty;
    private TestServer server;
    private long frames = FRAMES;

    @BeforeEach
    void start() throws Exception {
        upstream = Upstream.start(Upstream.frames(frames).withRate(4_000), ledger);
        faulty = FaultyServer.start(TestServer.settings(data, upstream.relay().uri()));
        server = TestServer.of(faulty.server());
        for (int i = 0; i < FOLLOWERS; i++) {
            followers.add(new Follower(ledger, 0).connect(server.address(), "?cursor=0"));
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Follower follower : followers) {
            follower.close();
        }
        faulty.close();
        upstream.close();
        log.close();
    }

    private void allGetEverything(List<Follower> all) {
        upstream.awaitMade(frames);
        all.forEach(follower -> follower.awaitEvent(ledger.count()));
    }

    private void moreFrames() {
        frames += FRAMES_A_FAULT;
        upstream.source().setLimit(frames);
        upstream.awaitMade(frames);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELAY_READER", "RELAY_STAGE", "DECODE_FLOW", "SEQUENCE_STAGE", "JOURNAL_WRITER"})
    void aStepOfThePipelineThatThrowsIsRunAgainFromTheJournalsEnd(Place place) throws Exception {
        for (int time = 1; time <= 3; time++) {
            followers.get(0).awaitEvent((int) FRAMES * time / 4);
            int had = upstream.relay().cursors().size();
            faulty.fail(place, 1);
            moreFrames();
            Await.until(() -> upstream.relay().cursors().size() > had, () -> "run again; it said " + log.text());
        }
        allGetEverything(followers);
        assertThat(log.text()).contains("ingest stopped reason=", "ingest resumes block=");
        assertThat(faulty.ended().toCompletableFuture()).isNotDone();
        assertThat(server.scrape().value("jetstream_subscribers_connected")).isEqualTo(FOLLOWERS);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELAY_READER", "RELAY_STAGE", "DECODE_FLOW", "SEQUENCE_STAGE", "JOURNAL_WRITER"})
    void oneThatThrowsAgainAndAgainEndsTheProcessWithACodeAndAReason(Place place) throws Exception {
        followers.get(0).awaitEvent((int) FRAMES / 4);
        CompletableFuture<Integer> ended = faulty.ended().toCompletableFuture();
        faulty.fail(place, FOR_EVER);
        moreFrames();
        Await.until(
                () -> {
                    if (place == Place.JOURNAL_WRITER || faulty.hasFailed(place)) {
                        faulty.fail(place, FOR_EVER);
                    }
                    return ended.isDone();
                },
                () -> "the end; it said " + log.text());
        assertThat(ended.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(log.text()).contains("ERROR dev.jetstream.app.Server the server cannot continue and stops reason=");
        assertThat(followers)
                .allSatisfy(follower -> assertThat(follower.awaitClose()).isEqualTo(1012));
        try (TestServer next = TestServer.start(data, upstream.relay().uri())) {
            for (Follower follower : followers) {
                follower.resume(next.address());
            }
            allGetEverything(followers);
        }
    }

    @Test
    void aSubscriberThatThrowsIsClosedWith1011AndNobodyElseNotices() throws Exception {
        Scrape before = server.scrape();
        followers.get(0).awaitEvent((int) FRAMES / 4);
        faulty.fail(Place.SUBSCRIBER, 1);
        Await.until(() -> followers.stream().anyMatch(Follower::isEnded), () -> "closed");
        Follower closed =
                followers.stream().filter(Follower::isEnded).findFirst().orElseThrow();
        assertThat(closed.assertNoFault().awaitClose()).isEqualTo(1011);
        followers.remove(closed);
        allGetEverything(followers);
        server.awaitScrape(
                page -> page.since(before, "jetstream_subscriber_closes_total{reason=\"internal_error\"}") == 1
                        && page.value("jetstream_subscribers_connected") == FOLLOWERS - 1);
        assertThat(log.text()).doesNotContain("ingest stopped").containsOnlyOnce("subscriber failed");
    }

    @Test
    void aSubscriberThatCannotBeginIsClosedWith1011AndLeavesNothingBehind() throws Exception {
        followers.get(0).awaitEvent((int) FRAMES / 4);
        Scrape before = server.awaitScrape(page -> page.value("jetstream_http_connections") == FOLLOWERS);
        faulty.fail(Place.SUBSCRIBER_START, 1);
        try (Follower unlucky = new Follower(ledger).connect(server.address(), "?cursor=0")) {
            assertThat(unlucky.awaitClose()).isEqualTo(1011);
        }
        server.awaitScrape(
                page -> page.since(before, "jetstream_subscriber_closes_total{reason=\"internal_error\"}") == 1
                        && page.value("jetstream_subscribers_connected") == FOLLOWERS
                        && page.value("jetstream_http_connections") == FOLLOWERS);
        assertThat(log.text()).containsOnlyOnce("subscriber could not start client=127.0.0.1");
        allGetEverything(followers);
    }

    @Test
    void aFailureOfTheSubscribersParentEndsTheProcess() throws Exception {
        followers.get(0).awaitEvent((int) FRAMES / 4);
        faulty.fail(Place.SUBSCRIBERS, 1);
        upstream.source().setLimit(frames + FRAMES_A_FAULT);
        assertThat(faulty.ended().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS))
                .isEqualTo(1);
        assertThat(log.text()).contains("the server cannot continue and stops reason=subscribers failed");
        assertThat(followers)
                .allSatisfy(follower -> assertThat(follower.awaitClose()).isEqualTo(1012));
    }

    @Test
    void aRouteThatThrowsIsAnswered500AndTheNextRequestIsServed() throws Exception {
        followers.get(0).awaitEvent((int) FRAMES / 4);
        Scrape before = server.scrape();
        faulty.fail(Place.ROUTE, 1);
        try (WireClient client = new WireClient(server.address())) {
            WireClient.HttpAnswer answer = client.get("/readyz");
            assertThat(answer.status()).isEqualTo(500);
            assertThat(answer.body()).isEqualTo("internal error\n");
            assertThat(client.isEnded()).isTrue();
        }
        try (WireClient client = new WireClient(server.address())) {
            assertThat(client.get("/readyz").status()).isEqualTo(200);
        }
        allGetEverything(followers);
        server.awaitScrape(page -> page.since(before, "jetstream_http_answers_total{status=\"500\"}") == 1);
        assertThat(log.text()).contains("request failed path=/readyz");
    }
}
