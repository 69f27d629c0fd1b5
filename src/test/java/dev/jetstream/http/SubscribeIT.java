package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream.Format;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeIT {
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
            String head = WireClient.request("GET", target, String.join("", headers), WireClient.HANDSHAKE);
            assertThat(client.send(head).readHead().status()).isEqualTo(101);
            return rule.subscribers.next().request;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "?cursor=abc 'invalid cursor: abc'",
                "?cursor=9223372036854775808 'invalid cursor: 9223372036854775808'",
                "?cursor=1.5&wantedDids=x 'invalid cursor: 1.5'",
                "?cursor=+5 'invalid cursor:  5'",
                "?wantedCollections=app.bsky.graph.fo* 'invalid subscriber options: invalid collection: app.bsky.graph.fo*'",
                "?wantedCollections= 'invalid subscriber options: invalid collection: '",
                "?wantedCollections=%20a&wantedDids=x 'invalid subscriber options: invalid collection:  a'",
                "?wantedDids=did:plc:a&wantedDids=nodid 'invalid subscriber options: invalid did: nodid'",
                "?format=v9 'invalid format: v9 (v1 or v0)'",
                "?format= 'invalid format:  (v1 or v0)'",
            })
    void what_is_wrong_with_the_query_is_said_before_the_upgrade(String query, String text) throws Exception {
        for (String headers : new String[] {"", WireClient.HANDSHAKE}) {
            try (WireClient client = rule.connect()) {
                WireClient.HttpAnswer answer = client.get("/subscribe" + query, headers);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).isEqualTo(text);
                assertThat(answer.header("content-type")).startsWith("text/plain");
            }
        }
    }

    @Test
    void more_filters_than_allowed_are_refused_and_repeated_ones_are_counted_once() throws Exception {
        String hundred = IntStream.range(0, 100)
                .mapToObj(i -> "&wantedCollections=a.b.c" + i)
                .collect(Collectors.joining());
        String dids = IntStream.range(0, 10_000)
                .mapToObj(i -> "&wantedDids=did:plc:" + i)
                .collect(Collectors.joining());
        assertThat(requested("/subscribe?x=1" + hundred + hundred).filter().collections())
                .hasSize(100);
        assertThat(requested("/subscribe?x=1" + dids + dids).filter().dids()).hasSize(10_000);
        try (WireClient client = rule.connect()) {
            assertThat(client.get("/subscribe?wantedCollections=a.b.d" + hundred)
                            .body())
                    .isEqualTo("invalid subscriber options: too many wanted collections");
            assertThat(client.get("/subscribe?wantedDids=did:web:x" + dids).body())
                    .isEqualTo("invalid subscriber options: too many wanted DIDs");
        }
    }

    @Test
    void a_target_of_a_mebibyte_works() throws Exception {
        String target = "/subscribe?junk=" + "x|[]%zz".repeat((1 << 20) / 7 - 10) + "&cursor=7";
        assertThat(requested(target).cursorUs()).hasValue(7);
    }

    @Test
    void malformed_pairs_and_unknown_names_are_dropped() throws Exception {
        Subscription request =
                requested("/subscribe?a[]=1&x=a|b&cursor=%zz&wantedDids=%4&cursor=12&&=&=x&cursor&wantedCollections=a;b"
                        + "&wantedCollections=app.bsky.%2a&wanted%43ollections=app.bsky.feed.post&\u00e9=\u00ff");
        assertThat(request.cursorUs()).hasValue(12);
        assertThat(request.filter().dids()).isEmpty();
        assertThat(request.filter().collections()).containsExactlyInAnyOrder("app.bsky.*", "app.bsky.feed.post");
    }

    @Test
    void a_bare_subscription_is_live_uncompressed_and_unfiltered() throws Exception {
        Subscription request = requested("/subscribe");
        assertThat(request.filter().isAll()).isTrue();
        assertThat(request.cursorUs()).isEqualTo(OptionalLong.empty());
        assertThat(request.requireHello()).isFalse();
        assertThat(request.encoding()).isSameAs(rule.stream.encoding(Format.V1, false));
    }

    @Test
    void format_compression_and_hello_are_asked_for_by_exact_words() throws Exception {
        assertThat(requested("/subscribe?compress=true&format=v0&requireHello=true"))
                .extracting(Subscription::encoding, Subscription::requireHello)
                .containsExactly(rule.stream.encoding(Format.V0, true), true);
        assertThat(requested("/subscribe?compress=True&requireHello=1"))
                .extracting(Subscription::encoding, Subscription::requireHello)
                .containsExactly(rule.stream.encoding(Format.V1, false), false);
        assertThat(requested("/subscribe", "socket-encoding: gzip, zstd\r\n").encoding())
                .isSameAs(rule.stream.encoding(Format.V1, true));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1000",
        "-5, -5",
        "0, 0",
        "-9223372036854775808, -9223372036854775808",
        "9223372036854775807, 9223372036854775807",
        "1725519626, 1725519626000000",
        "1725519626134, 1725519626134000",
        "1725519626134432, 1725519626134432"
    })
    void a_cursor_is_microseconds_and_seconds_or_milliseconds_by_its_digits(String cursor, long microseconds)
            throws Exception {
        assertThat(requested("/subscribe?cursor=" + cursor).cursorUs()).hasValue(microseconds);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000", "0, 0", "-1, 0", "x, 0", "4294967295, 4294967295", "4294967296, 0", "1e3, 0", "'', 0"})
    void a_size_limit_that_is_none_is_no_limit(String text, long limit) throws Exception {
        assertThat(requested("/subscribe?maxMessageSizeBytes=" + text).filter().maxMessageBytes())
                .isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({
        "maxSize=500, 500",
        "maxSize=x, 0",
        "maxSize=4294967296, 0",
        "maxSize=500&maxMessageSizeBytes=600, 600",
        "maxMessageSizeBytes=0&maxSize=500, 0",
        "maxMessageSizeBytes=&maxSize=500, 500",
    })
    void the_go_clients_name_of_the_size_limit_counts_where_ours_is_not_given(String query, long limit)
            throws Exception {
        assertThat(requested("/subscribe?" + query).filter().maxMessageBytes()).isEqualTo(limit);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n",
                "upgrade: h2c, WebSocket\r\nconnection: UPGRADE\r\n",
                "Upgrade: websocket\r\nConnection: keep-alive\r\nConnection: upgrade\r\n"
                        + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                        + "Sec-WebSocket-Protocol: chat\r\nOrigin: http://anywhere.example\r\n",
            })
    void handshakes_of_real_clients_are_accepted_and_no_extension_is(String headers) throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer = client.send(WireClient.request(
                            "GET",
                            "/subscribe",
                            headers,
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"))
                    .readHead();
            assertThat(answer.status()).as(headers).isEqualTo(101);
            rule.subscribers.next();
            assertThat(answer.header("upgrade")).isEqualTo("websocket");
            assertThat(answer.header("connection")).isEqualTo("Upgrade");
            assertThat(answer.header("sec-websocket-accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(answer.header("sec-websocket-extensions")).isNull();
            assertThat(answer.header("sec-websocket-protocol")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 8, 426, websocket version must be 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, X: y, 400, Sec-WebSocket-Key must be 16 bytes in base64",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: c2hvcnQ=, 400, Sec-WebSocket-Key must be 16 bytes in base64",
        "Upgrade: websocket, Upgrade: h2c, 426, 'this is a websocket stream: connect with a websocket client, or accept text/event-stream or application/x-ndjson'",
        "Connection: Upgrade, Connection: keep-alive, 400, websocket handshake without 'Connection: Upgrade'; does a proxy on the way remove it?",
    })
    void a_broken_handshake_is_refused_with_a_sentence(String good, String bad, int status, String sentence)
            throws Exception {
        try (WireClient client = rule.connect()) {
            String request = WireClient.request("GET", "/subscribe", WireClient.HANDSHAKE);
            WireClient.HttpAnswer answer =
                    client.send(request.replace(good, bad)).answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(sentence + "\n");
            if (status == 426) {
                assertThat(answer.header("sec-websocket-version")).isEqualTo("13");
                assertThat(answer.header("upgrade")).isEqualTo("websocket");
            }
        }
    }
}
