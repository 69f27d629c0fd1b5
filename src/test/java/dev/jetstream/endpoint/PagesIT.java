package dev.jetstream.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesIT {
    private static RunningEndpoint rule;

    @BeforeAll
    static void start() throws Exception {
        TestSettings settings = new TestSettings();
        settings.exposeMetrics = true;
        rule = new RunningEndpoint(settings);
    }

    @AfterAll
    static void stop() throws Exception {
        rule.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200, Welcome to Jetstream",
        "GET, /?x=a|b, 200, Welcome to Jetstream",
        "GET, /healthz, 200, live|",
        "GET, /readyz, 200, ready|",
        "GET, /metrics, 200, a_metric 1|",
        "GET, /nothing, 404, not found; the stream is at /subscribe|",
        "DELETE, /subscribe, 405, only GET and HEAD are answered here|",
        "POST, /, 405, only GET and HEAD are answered here|",
        "GET, /subscribe, 426, this is a websocket stream: connect with a websocket client|",
    })
    void pages_answer_as_plain_text_to_any_origin(String method, String target, int status, String body)
            throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer =
                    client.send(WireClient.request(method, target)).answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body.replace("|", "\n"));
            assertThat(answer.header("content-type")).startsWith("text/plain");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(answer.header("server")).isEqualTo("jetstream");
        }
    }

    @Test
    void one_connection_serves_many_requests_sent_at_once_and_an_upgrade_behind_them() throws Exception {
        try (WireClient client = rule.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(WireClient.request("GET", "/healthz")).append("\r\n");
                all.append(WireClient.request("HEAD", "/metrics"));
            }
            all.append(WireClient.request("GET", "/subscribe?wantedCollections=app.bsky.*", WireClient.HANDSHAKE));
            client.send(all.toString().getBytes(), WireClient.frame(1, "early"));
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().body()).isEqualTo("live\n");
                assertThat(client.readHead().header("content-length")).isEqualTo("11");
            }
            assertThat(client.readHead().status()).isEqualTo(101);
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            assertThat(subscriber.request.filter().collections()).containsExactly("app.bsky.*");
            assertThat(subscriber.event()).isEqualTo("text early");
        }
    }

    @Test
    void readiness_is_503_with_the_reason() throws Exception {
        rule.ready = new Health.Report(false, "the journal does not write");
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer = client.get("/readyz");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("the journal does not write\n");
        } finally {
            rule.ready = new Health.Report(true, "ready");
        }
    }

    @Test
    void a_client_that_asks_for_it_is_closed_after_its_answer() throws Exception {
        try (WireClient client = rule.connect()) {
            assertThat(client.get("/", "Connection: close\r\n").header("connection"))
                    .isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
        try (WireClient client = rule.connect()) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").answer().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }
}
