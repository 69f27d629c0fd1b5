package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream.Format;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpStreamIT {
    private static final String EVENTS = "Accept: text/event-stream\r\n";
    private static final String LINES = "Accept: application/x-ndjson\r\n";
    private static final byte[] CHUNK = "2\r\n:\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static RunningEndpoint rule;

    @BeforeAll
    static void start() throws Exception {
        rule = new RunningEndpoint(new TestSettings());
    }

    @AfterAll
    static void stop() {
        rule.close();
    }

    private static Subscription requested(String target, String... headers) throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer =
                    client.send(WireClient.request("GET", target, headers)).readHead();
            assertThat(answer.status()).as(answer.head()).isEqualTo(200);
            return rule.subscribers.next().request;
        }
    }

    private static void write(FakeSubscribers.Subscriber subscriber, byte[] bytes) throws Exception {
        assertThat(subscriber.socket.write(ByteBuffer.wrap(bytes))).isEqualTo(bytes.length);
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_is_answered_with_a_head_that_nobody_keeps_or_holds_back(HttpStream stream) throws Exception {
        String type = stream == HttpStream.NDJSON ? "application/x-ndjson" : "text/event-stream; charset=utf-8";
        for (String method : new String[] {"HEAD", "GET"}) {
            try (WireClient client = rule.connect()) {
                WireClient.HttpAnswer answer = client.send(
                                WireClient.request(method, "/subscribe", "Accept: " + stream.mediaType() + "\r\n"))
                        .readHead();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("content-type")).isEqualTo(type);
                assertThat(answer.header("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.header("connection")).isEqualTo("close");
                assertThat(answer.header("cache-control")).isEqualTo("no-store");
                assertThat(answer.header("x-accel-buffering")).isEqualTo("no");
                assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
                assertThat(answer.header("content-length")).isNull();
                if (method.equals("HEAD")) {
                    assertThat(client.isEnded()).isTrue();
                    assertThat(rule.subscribers.isEmpty()).isTrue();
                } else {
                    assertThat(rule.subscribers.next().request.encoding())
                            .isSameAs(rule.stream.encoding(Format.V1, stream));
                }
            }
        }
    }

    @Test
    void the_query_counts_as_for_a_websocket() throws Exception {
        Subscription request =
                requested("/subscribe?format=v0&cursor=1725519626&wantedDids=did:plc:a&maxMessageSizeBytes=9", LINES);
        assertThat(request.encoding()).isSameAs(rule.stream.encoding(Format.V0, HttpStream.NDJSON));
        assertThat(request.cursorUs()).hasValue(1_725_519_626_000_000L);
        assertThat(request.filter().dids()).containsExactly("did:plc:a");
        assertThat(request.filter().maxMessageBytes()).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({
        "7, 8",
        "-1, 0",
        "1725519626, 1725519627",
        "1725519626134432, 1725519626134433",
        "9223372036854775807, 9223372036854775807",
    })
    void the_last_event_id_resumes_behind_it_and_wins_over_the_cursor(String id, long cursor) throws Exception {
        assertThat(requested("/subscribe?cursor=5", EVENTS, "last-event-id: " + id + "\r\n")
                        .cursorUs())
                .hasValue(cursor);
        assertThat(requested("/subscribe", LINES, "Last-Event-ID: " + id + "\r\n")
                        .cursorUs())
                .hasValue(cursor);
    }

    @Test
    void an_empty_last_event_id_is_none() throws Exception {
        assertThat(requested("/subscribe?cursor=5", EVENTS, "Last-Event-ID: \r\n")
                        .cursorUs())
                .hasValue(5);
    }

    @ParameterizedTest
    @CsvSource({
        "?requireHello=true, 1, requireHello needs a websocket: text/event-stream has no way for the hello",
        "?compress=true, 1, compress needs a websocket: text/event-stream is text",
        "?compress=true&wantedDids=x, 1, invalid subscriber options: invalid did: x",
        "?cursor=soon&requireHello=true, 1, invalid cursor: soon",
        "'', soon, invalid Last-Event-ID: soon",
        "'', 9223372036854775808, invalid Last-Event-ID: 9223372036854775808",
        "?format=v7, soon, invalid format: v7 (v1 or v0)",
    })
    void what_is_wrong_is_said_instead(String query, String id, String text) throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer = client.get("/subscribe" + query, EVENTS, "Last-Event-ID: " + id + "\r\n");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(text);
            assertThat(client.get("/healthz").status())
                    .as("the connection goes on")
                    .isEqualTo(200);
        }
    }

    @Test
    void asking_for_zstd_by_header_is_refused_too() throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer = client.get("/subscribe", LINES, "Socket-Encoding: zstd\r\n");
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("compress needs a websocket: application/x-ndjson is text");
        }
    }

    @Test
    void a_websocket_stays_one_whatever_it_accepts() throws Exception {
        try (WireClient client = rule.connect()) {
            String request =
                    WireClient.request("GET", "/subscribe", EVENTS, "Last-Event-ID: x\r\n", WireClient.HANDSHAKE);
            assertThat(client.send(request).readHead().status()).isEqualTo(101);
            assertThat(rule.subscribers.next().request.encoding()).isSameAs(rule.stream.encoding(Format.V1, false));
        }
    }

    @Test
    void http_1_0_is_refused_with_what_to_do() throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer =
                    client.send("GET /subscribe HTTP/1.0\r\n" + EVENTS + "\r\n").answer();
            assertThat(answer.status()).isEqualTo(505);
            assertThat(answer.body()).contains("HTTP/1.1").contains("proxy_http_version 1.1");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void what_the_client_sends_is_read_and_discarded() throws Exception {
        try (WireClient client = rule.connect()) {
            byte[] garbage = new byte[1 << 20];
            client.send((WireClient.request("GET", "/subscribe", EVENTS) + WireClient.request("GET", "/healthz"))
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead().status()).isEqualTo(200);
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            for (int i = 0; i < 32; i++) {
                client.send(garbage);
            }
            write(subscriber, CHUNK);
            assertThat(client.read(CHUNK.length)).isEqualTo(CHUNK);
            assertThat(subscriber.isQuiet()).isTrue();
        }
    }

    @Test
    void the_end_is_in_order_and_the_client_may_close_late() throws Exception {
        try (WireClient client = rule.connect()) {
            client.send(WireClient.request("GET", "/subscribe", EVENTS)).readHead();
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.send("more");
            write(subscriber, CHUNK);
            write(subscriber, LAST);
            subscriber.socket.finish();
            assertThat(client.read(CHUNK.length)).isEqualTo(CHUNK);
            assertThat(client.read(LAST.length)).isEqualTo(LAST);
            assertThat(client.isEnded()).isTrue();
            client.send("and more");
            assertThat(subscriber.isQuiet()).isTrue();
            client.socket.close();
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }

    @Test
    void a_client_that_goes_is_told() throws Exception {
        try (WireClient client = rule.connect()) {
            client.send(WireClient.request("GET", "/subscribe", LINES)).readHead();
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.socket.close();
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }
}
