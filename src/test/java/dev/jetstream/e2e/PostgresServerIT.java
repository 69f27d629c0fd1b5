package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.app.StartupException;
import dev.jetstream.journal.store.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole server with its journal in PostgreSQL: stopped, started again, trimmed, contended for, and its database gone for a
 * while.
 */
@Timeout(180)
class PostgresServerIT {
    private static final int FRAMES = 8_000;
    private static final int NO_END = 200_000;
    private static final int RATE = 500;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();
    private final HttpClient http = HttpClient.newHttpClient();
    private TestPostgres postgres;
    private String database;

    @BeforeEach
    void emptyDatabase() throws Exception {
        postgres = TestPostgres.get();
        database = postgres.newDatabase();
    }

    private TestServer serve(Upstream upstream, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("jetstream.journal.database-url", postgres.url(database));
        settings.put("jetstream.journal.database-user", TestPostgres.USER);
        settings.put("jetstream.journal.database-password", TestPostgres.PASSWORD);
        return TestServer.start(data, upstream.relay().uri(), settings);
    }

    @Test
    void stopsAndStartsLoseAndRepeatNothing() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger);
                Follower follower = new Follower(ledger, 0)) {
            for (int stop = 1; stop <= 2; stop++) {
                try (TestServer server = serve(upstream, Map.of())) {
                    follower.resume(server.address()).awaitEvent(stop * FRAMES / 3);
                    server.stop();
                    assertThat(follower.awaitClose()).isEqualTo(1012);
                }
            }
            try (TestServer server = serve(upstream, Map.of())) {
                follower.resume(server.address());
                upstream.awaitMade(FRAMES);
                follower.awaitEvent(ledger.count());
                try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                    assertThat(replay.awaitEvent(ledger.count()).times()).isEqualTo(follower.times());
                }
            }
        }
        assertThat(data).isEmptyDirectory();
    }

    @Test
    void whatIsTooOldGoesAndTheRestIsReplayedToTheEnd() throws Exception {
        Map<String, String> shortLife = Map.of(
                "jetstream.journal.event-ttl", "1s",
                "jetstream.journal.retention-interval", "50ms");
        try (Upstream upstream = Upstream.start(Upstream.frames(NO_END).withRate(RATE), ledger);
                TestServer server = serve(upstream, shortLife)) {
            Await.until(() -> replaysFromBehindTheFirst(server), () -> "the first event still comes");
        }
    }

    private boolean replaysFromBehindTheFirst(TestServer server) {
        Follower replay = new Follower(ledger);
        try (replay) {
            replay.connect(server.address(), "?cursor=0");
            Await.until(() -> replay.received() > 0, () -> "an event");
            return replay.awaitEvent(ledger.count()).first() > 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSecondServerIsRefusedAndTheFirstGoesOn() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(NO_END).withRate(RATE), ledger);
                TestServer server = serve(upstream, Map.of());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            assertThatThrownBy(() -> serve(upstream, Map.of()).close())
                    .isInstanceOf(StartupException.class)
                    .hasMessage("journal " + postgres.url(database) + " is in use by another server; stop that one, or"
                            + " set jetstream.journal.database-url to another database");
            follower.awaitEvent(ledger.count() + RATE);
        }
    }

    @Test
    void aDatabaseThatCrashesAndComesBackCostsNoEvent() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(NO_END).withRate(RATE), ledger);
                TestServer server = serve(upstream, Map.of());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            follower.awaitEvent(RATE);
            postgres.stop();
            int beyond;
            try {
                Await.until(() -> !readiness(server).startsWith("ready"), () -> "not ready");
                assertThat(readiness(server)).contains("ingest: stopped, will be tried again: ");
                beyond = ledger.count() + RATE;
            } finally {
                postgres.start();
            }
            follower.awaitEvent(beyond);
            Await.until(() -> readiness(server).startsWith("ready"), () -> readiness(server));
            try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                long[] times = replay.awaitEvent(beyond).times();
                assertThat(follower.times()).startsWith(Arrays.copyOf(times, beyond));
            }
        }
    }

    private String readiness(TestServer server) {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/readyz");
        try {
            HttpResponse<String> answer =
                    http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(answer.body().startsWith("ready") ? 200 : 503);
            return answer.body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
