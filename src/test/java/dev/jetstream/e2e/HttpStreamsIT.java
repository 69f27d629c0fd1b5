package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Server-sent events and NDJSON carry what the relay sent, also to a client that comes and goes. */
@Timeout(120)
class HttpStreamsIT {
    private static final int FRAMES = 12_000;
    /** More than a test lasts. */
    private static final int NO_END = 200_000;

    private static final int RATE = 4_000;
    private static final int STOPS = 2;
    private static final int EVENTS_A_LIFE = 4_000;
    private static final int MAX_EVENTS_A_CONNECTION = 1_500;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();
    private int next;
    private String lastTime = "";

    @Test
    void anEventSourceThatReconnectsMissesAndRepeatsNothing() throws Exception {
        long seed = System.nanoTime();
        System.out.println("connections end at places of the random seed " + seed);
        Random random = new Random(seed);
        EventSource source = new EventSource();
        try (Upstream upstream = Upstream.start(Upstream.frames(NO_END).withRate(RATE), ledger)) {
            for (int life = 0; life <= STOPS; life++) {
                try (TestServer server = TestServer.start(data, upstream.relay().uri())) {
                    int enough = next + EVENTS_A_LIFE;
                    while (next < enough) {
                        int end = next + 1 + random.nextInt(MAX_EVENTS_A_CONNECTION);
                        source.read(server.address(), "?cursor=0", json -> isNext(json, source) && next < end);
                    }
                    if (life < STOPS) {
                        assertStopEndsInOrder(server, source);
                    }
                }
            }
        }
    }

    private void assertStopEndsInOrder(TestServer server, EventSource source) throws Exception {
        int[] stopping = {0};
        Thread stop = new Thread(server::stop, "stop");
        boolean ended = source.read(server.address(), "", json -> {
            if (stopping[0]++ == 0) {
                stop.start();
            }
            return isNext(json, source);
        });
        assertThat(ended).isTrue();
        stop.join();
    }

    private boolean isNext(String json, EventSource source) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Await.until(() -> next < ledger.count(), () -> "event " + next + " of the relay");
        assertThat(ledger.place(Message.print(bytes, 0, bytes.length))).as(json).isEqualTo(next);
        assertThat(source.lastEventId())
                .isEqualTo(Long.toString(Message.time(bytes, Message.timeAt(bytes, 0))))
                .isGreaterThan(lastTime);
        lastTime = source.lastEventId();
        next++;
        return true;
    }

    @Test
    void ndjsonIsOneEventALine() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger);
                TestServer server = TestServer.start(data, upstream.relay().uri())) {
            upstream.awaitMade(FRAMES);
            URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/subscribe?cursor=0");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Accept", "application/x-ndjson")
                    .build();
            HttpResponse<InputStream> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.headers().firstValue("content-type")).contains("application/x-ndjson");
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (int place = 0; place < ledger.count(); place++) {
                    byte[] line = lines.readLine().getBytes(StandardCharsets.UTF_8);
                    assertThat(Message.print(line, 0, line.length)).isEqualTo(ledger.print(place));
                }
            }
        }
    }
}
