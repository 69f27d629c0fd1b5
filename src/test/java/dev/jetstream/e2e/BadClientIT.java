package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.http.WireClient;
import dev.jetstream.websocket.FrameHeader;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client should never send ends that one connection, in the way the protocol says; beside it the stream goes on. */
@Timeout(180)
class BadClientIT {
    private static final int FINAL = 0x80;
    private static final int FRAMES_A_CASE = 20;
    private static final Ledger LEDGER = new Ledger();

    @TempDir
    private static Path data;

    private static Upstream upstream;
    private static TestServer server;
    private static Follower follower;
    private static long frames = FRAMES_A_CASE;

    @BeforeAll
    static void start() throws Exception {
        upstream = Upstream.start(Upstream.frames(frames), LEDGER);
        server = TestServer.start(
                data,
                upstream.relay().uri(),
                Map.of("jetstream.http.max-head-bytes", "1088KiB", "jetstream.http.head-timeout", "500ms"));
        follower = new Follower(LEDGER, 0).connect(server.address(), "?cursor=0");
    }

    @AfterAll
    static void stop() throws Exception {
        follower.close();
        server.close();
        upstream.close();
    }

    @AfterEach
    void theOthersGoOn() {
        frames += FRAMES_A_CASE;
        upstream.source().setLimit(frames);
        upstream.awaitMade(frames);
        follower.awaitEvent(LEDGER.count());
    }

    private static String many(String parameter, String start, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> parameter + "=" + start + i)
                .collect(Collectors.joining("&", "?", ""));
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                Arguments.of("?wantedCollections=nope", "invalid subscriber options: invalid collection: nope"),
                Arguments.of(
                        "?wantedCollections=app.bsky.graph.fo*",
                        "invalid subscriber options: invalid collection: app.bsky.graph.fo*"),
                Arguments.of(
                        many("wantedCollections", "app.bsky.c", 101),
                        "invalid subscriber options: too many wanted collections"),
                Arguments.of("?wantedDids=alice.test", "invalid subscriber options: invalid did: alice.test"),
                Arguments.of(
                        many("wantedDids", "did:plc:", 10_001), "invalid subscriber options: too many wanted DIDs"),
                Arguments.of("?cursor=yesterday", "invalid cursor: yesterday"),
                Arguments.of("?cursor=9223372036854775808", "invalid cursor: 9223372036854775808"),
                Arguments.of("?format=v3", "invalid format: v3 (v1 or v0)"));
    }

    @ParameterizedTest
    @MethodSource("badQueries")
    void aBadQueryIsSaidBeforeTheUpgrade(String query, String text) throws Exception {
        for (String headers : new String[] {"", WireClient.HANDSHAKE}) {
            try (WireClient client = new WireClient(server.address())) {
                WireClient.HttpAnswer answer = client.get("/subscribe" + query, headers);
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.header("Content-Type")).startsWith("text/plain");
                assertThat(answer.body().strip()).isEqualTo(text);
            }
        }
    }

    @Test
    void aPlainGetIsToldToUpgrade() throws Exception {
        try (WireClient client = new WireClient(server.address())) {
            WireClient.HttpAnswer answer = client.get("/subscribe");
            assertThat(answer.status()).isEqualTo(426);
            assertThat(answer.header("Content-Type")).startsWith("text/plain");
            assertThat(answer.body()).contains("websocket");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET / FTP/9, 505",
        "\u0016\u0003\u0001\u0002\u0000\u0001, 400",
        "POST /subscribe HTTP/1.1, 405",
        "GET /nothing HTTP/1.1, 404"
    })
    void garbageForHttpIsAnsweredAndClosed(String line, int status) throws Exception {
        try (WireClient client = new WireClient(server.address())) {
            client.send(line + "\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(status);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void aHeadThatIsNeverWholeIsEnded() throws Exception {
        try (WireClient client = new WireClient(server.address())) {
            client.send("GET /subscribe HTTP/1.1\r\nHost: ");
            assertThat(client.answer().status()).isEqualTo(408);
        }
        try (WireClient client = new WireClient(server.address())) {
            client.send("GET /?" + "x".repeat(1100 * 1024) + " HTTP/1.1\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(431);
        } catch (SocketException e) {
            // It may be reset while it still sends.
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private static byte[] text(String text) {
        return WireClient.frame(FrameHeader.TEXT, text);
    }

    private static byte[] update(String payload) {
        return text("{\"type\":\"options_update\",\"payload\":" + payload + "}");
    }

    static Stream<Arguments> badMessages() {
        byte[] notUtf8 = {'"', (byte) 0xC3, 0x28, '"'};
        byte[] hugeHeader = Arrays.copyOf(WireClient.frame(FrameHeader.TEXT, new byte[10_000_001]), 14);
        String collections = IntStream.range(0, 101)
                .mapToObj(i -> "\"app.bsky.c" + i + "\"")
                .collect(Collectors.joining(",", "{\"wantedCollections\":[", "]}"));
        return Stream.of(
                bad(1007, "no JSON", text("hello")),
                bad(1007, "no payload", text("{\"type\":\"options_update\"}")),
                bad(1007, "no object", text("[]")),
                bad(1007, "no list", update("{\"wantedDids\":\"did:plc:a\"}")),
                bad(1007, "no number", update("{\"maxMessageSizeBytes\":\"many\"}")),
                bad(1007, "not UTF-8", WireClient.frame(FrameHeader.TEXT, notUtf8)),
                bad(1008, "a bad collection", update("{\"wantedCollections\":[\"nope\"]}")),
                bad(1008, "a bad DID", update("{\"wantedDids\":[\"alice.test\"]}")),
                bad(1008, "too many collections", update(collections)),
                bad(1009, "too large by its header", hugeHeader),
                bad(1002, "unmasked", WireClient.frame(FINAL | FrameHeader.TEXT, new byte[2], false)),
                bad(1002, "a reserved bit", WireClient.frame(FINAL | 0x40 | FrameHeader.TEXT, new byte[2], true)),
                bad(1002, "a reserved opcode", WireClient.frame(FINAL | 0x3, new byte[2], true)),
                bad(1002, "a continuation of nothing", WireClient.frame(FINAL, new byte[2], true)),
                bad(1002, "a fragmented ping", WireClient.frame(FrameHeader.PING, new byte[2], true)),
                bad(1002, "a ping of 126 bytes", WireClient.frame(FINAL | FrameHeader.PING, new byte[126], true)));
    }

    private static Arguments bad(int code, String name, byte[] frame) {
        return Arguments.of(code, Named.of(name, frame));
    }

    @ParameterizedTest
    @MethodSource("badMessages")
    void aBadMessageClosesWithItsCode(int code, byte[] frame) throws Exception {
        for (String query : new String[] {"", "?requireHello=true", "?cursor=0"}) {
            try (EventClient client = server.subscribe(query, (opcode, bytes, from, to) -> {})) {
                client.send(frame);
                assertThat(client.awaitEnd().closeCode()).as(query).isEqualTo(code);
            }
        }
    }

    @Test
    void fragmentsThatAreNoMessageOrTooLargeCloseToo() throws Exception {
        byte[] first = WireClient.frame(FrameHeader.TEXT, new byte[2], true);
        try (EventClient client = server.subscribe("", (opcode, bytes, from, to) -> {})) {
            client.send(first);
            client.send(WireClient.frame(FrameHeader.TEXT, new byte[2]));
            assertThat(client.awaitEnd().closeCode()).isEqualTo(1002);
        }
        try (EventClient client = server.subscribe("", (opcode, bytes, from, to) -> {})) {
            client.send(
                    WireClient.frame(FrameHeader.TEXT, " ".repeat(6_000_000).getBytes(StandardCharsets.UTF_8), true));
            client.send(Arrays.copyOf(WireClient.frame(FINAL, new byte[4_000_001], true), 14));
            assertThat(client.awaitEnd().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void theReasonNamesWhatIsInvalid() throws Exception {
        try (EventClient client = server.subscribe("", (opcode, bytes, from, to) -> {})) {
            client.send(update("{\"wantedDids\":[\"alice.test\"]}"));
            assertThat(client.awaitEnd().closeReason())
                    .isEqualTo("invalid subscriber options: invalid did: alice.test");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "null",
                "{\"type\":\"something_else\",\"payload\":7}",
                "{\"TYPE\":\"options_update\",\"Payload\":{\"wantedDIDs\":[],\"x\":[{}]}}"
            })
    void whatIsOnlyUnknownIsIgnored(String message) throws Exception {
        Follower own = new Follower(LEDGER);
        try (EventClient client = server.subscribe("?cursor=0", own)) {
            client.send(message);
            client.send(WireClient.frame(FrameHeader.BINARY, new byte[100]));
            theOthersGoOn();
            own.awaitEvent(LEDGER.count());
            assertThat(client.closeCode()).isNegative();
        }
    }

    @Test
    void eachEndIsCountedByItsReason() throws Exception {
        Scrape before = server.scrape();
        try (EventClient client = server.subscribe("", (opcode, bytes, from, to) -> {})) {
            client.send("hello");
            client.awaitEnd();
        }
        server.awaitScrape(page -> page.since(before, "jetstream_subscriber_closes_total{reason=\"bad_data\"}") == 1);
    }
}
