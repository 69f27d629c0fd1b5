package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.net.Refusal;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the transport refuses: garbage, slow heads, large ones, bodies. */
class GateIT {
    private static RunningEndpoint rule;

    @BeforeAll
    static void start() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxHeadBytes = 16 << 10;
        rule = new RunningEndpoint(settings);
    }

    @AfterAll
    static void stop() {
        rule.close();
    }

    private static RunningEndpoint impatient() throws IOException {
        TestSettings settings = new TestSettings();
        settings.headTimeout = Duration.ofMillis(300);
        settings.idleTimeout = Duration.ofSeconds(1);
        settings.closeTimeout = Duration.ofMillis(200);
        return new RunningEndpoint(settings);
    }

    @ParameterizedTest
    @CsvSource({
        "'\u0016\u0003\u0001\u0002\u0000\u0001', 400",
        "'GET /\u0000 HTTP/1.1|Host: a||', 400",
        "'hello||', 400",
        "'GET /||', 400",
        "'GET / HTTP/7.7|Host: a||', 505",
        "'GET / FTP||', 505",
        "'GET / HTTP/1.1||', 400",
        "'GET / HTTP/1.1|Host: a|bad header line||', 400",
        "'GET / HTTP/1.1|Host: a|Content-Length: 5||hello', 413",
        "'POST /subscribe HTTP/1.1|Host: a|Transfer-Encoding: chunked||0||', 405",
        "'BREW / HTTP/1.1|Host: a||', 501",
        "'PRI * HTTP/2.0||SM||', 505",
        "'GET /a b HTTP/1.1|Host: a||', 400",
        "'GET /subscribe?wantedDids=did:plc:a b HTTP/1.1|Host: a||', 400",
    })
    void what_is_no_good_request_is_answered_and_the_connection_closed(String request, int status) throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer =
                    client.send(request.replace("|", "\r\n")).answer();
            assertThat(answer.status()).as(answer.head() + answer.body()).isEqualTo(status);
            assertThat(client.isEnded()).isTrue();
        }
        try (WireClient client = rule.connect()) {
            assertThat(client.get("/healthz").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"localhost:6008", "LOCALHOST:6008", "localhost", "other.example:80"})
    void a_request_in_absolute_form_is_answered_whatever_its_host_header(String host) throws Exception {
        try (WireClient client = rule.connect()) {
            client.send("GET http://localhost:6008/healthz?a=b HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("live\n");
            client.send("GET http://localhost:6008/subscribe?cursor=5 HTTP/1.1\r\nHost: " + host + "\r\n"
                    + WireClient.HANDSHAKE + "\r\n");
            assertThat(client.readHead().status()).isEqualTo(101);
            assertThat(rule.subscribers.next().request.cursorUs()).hasValue(5);
        }
    }

    @Test
    void a_head_may_come_a_byte_at_a_time_and_after_empty_lines() throws Exception {
        try (WireClient client = rule.connect()) {
            for (byte b : ("\r\n\r\n" + WireClient.request("GET", "/healthz?" + "x".repeat(2_000))).getBytes()) {
                client.send(new byte[] {b});
            }
            assertThat(client.answer().body()).isEqualTo("live\n");
        }
    }

    @Test
    void a_head_over_the_bound_is_431_whether_it_comes_at_once_or_in_pieces() throws Exception {
        long before = rule.metrics.refusals(Refusal.BIG_HEAD);
        try (WireClient client = rule.connect()) {
            String exactly = WireClient.request("GET", "/healthz?");
            client.send(exactly.replace("?", "?" + "x".repeat((16 << 10) - exactly.length())));
            assertThat(client.answer().status()).isEqualTo(200);
            client.send(exactly.replace("?", "?" + "x".repeat((16 << 10) - exactly.length() + 1)));
            assertThat(client.answer().status()).isEqualTo(431);
            assertThat(client.isEnded()).isTrue();
        }
        try (WireClient client = rule.connect()) {
            client.send("GET /healthz HTTP/1.1\r\n");
            for (int i = 0; i < 200; i++) {
                client.send("X-" + i + ": " + "y".repeat(100) + "\r\n");
            }
            assertThat(client.answer().status()).isEqualTo(431);
        }
        assertThat(rule.metrics.refusals(Refusal.BIG_HEAD)).isEqualTo(before + 2);
    }

    @Test
    void a_head_that_is_not_whole_in_time_is_408() throws Exception {
        try (RunningEndpoint impatient = impatient();
                WireClient first = impatient.connect();
                WireClient later = impatient.connect()) {
            first.send("GET / HT");
            assertThat(later.get("/healthz").status()).isEqualTo(200);
            later.send("G");
            assertThat(first.answer().status()).isEqualTo(408);
            assertThat(first.isEnded()).isTrue();
            assertThat(later.answer().status()).isEqualTo(408);
            assertThat(impatient.metrics.refusals(Refusal.SLOW_HEAD)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void a_connection_without_a_request_is_closed_without_a_word() throws Exception {
        try (RunningEndpoint impatient = impatient();
                WireClient silent = impatient.connect();
                WireClient idle = impatient.connect()) {
            assertThat(idle.get("/healthz").status()).isEqualTo(200);
            assertThat(silent.isEnded()).isTrue();
            assertThat(idle.isEnded()).isTrue();
        }
    }

    @Test
    void a_client_that_asks_and_never_reads_the_answers_is_dropped_after_the_idle_timeout() throws Exception {
        try (RunningEndpoint impatient = impatient();
                WireClient client = new WireClient(impatient.endpoint.address(), 4_096)) {
            String many = WireClient.request("GET", "/nothing").repeat(1_000);
            client.socket.setSoTimeout(1);
            assertThatThrownBy(() -> {
                        while (true) {
                            client.send(many);
                        }
                    })
                    .isInstanceOf(IOException.class);
            Waits.until(() -> impatient.endpoint.connections() == 0);
        }
    }
}
