package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jetstream.http.WireClient;
import dev.jetstream.relay.SyntheticOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code /status} says, held against what other clients see. */
class StatusIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private static JsonNode status(InetSocketAddress server) throws IOException {
        try (WireClient client = new WireClient(server)) {
            return JSON.readTree(client.get("/status").body());
        }
    }

    private static JsonNode await(TestServer server, Predicate<JsonNode> shows) {
        JsonNode[] last = new JsonNode[1];
        Await.until(
                () -> {
                    try {
                        return shows.test(last[0] = status(server.address()));
                    } catch (IOException e) {
                        return false;
                    }
                },
                () -> "the status is " + last[0]);
        return last[0];
    }

    @Test
    void says_how_the_server_is() throws Exception {
        try (Upstream upstream =
                        Upstream.start(SyntheticOptions.defaults().withRate(100).withLimit(200), sent -> {});
                TestServer server = TestServer.start(
                        data,
                        URI.create(upstream.relay().uri() + "?secret=x"),
                        Map.of("jetstream.journal.retention-interval", "50ms"))) {
            upstream.awaitMade(200);
            List<Long> times = Replayed.times(server.address(), "", 1, 200);
            EventClient client =
                    EventClient.open(server.address(), "/subscribe?requireHello=true", (opcode, bytes, from, to) -> {});
            try {
                JsonNode status = await(
                        server,
                        s -> s.at("/events/history").size() > 1
                                && s.at("/subscribers/awaiting_hello").asInt() == 1
                                && s.at("/journal").has("oldest_time_us")
                                && s.at("/journal/newest_time_us").asLong() >= times.get(199));
                assertThat(status.get("ready").asBoolean()).isTrue();
                assertThat(status.get("readiness").get(0).asText()).isEqualTo("ready");
                assertThat(status.at("/upstream/relay").asText())
                        .isEqualTo(upstream.relay().uri().toString());
                assertThat(status.at("/upstream/connected").asBoolean()).isTrue();
                assertThat(status.at("/upstream/lag_seconds").asDouble()).isBetween(0.0, 60.0);
                assertThat(status.at("/upstream/reconnects").asInt()).isZero();
                assertThat(status.at("/journal/writable").asBoolean()).isTrue();
                assertThat(status.at("/journal/oldest_time_us").asLong()).isEqualTo(times.get(0));
                assertThat(status.at("/journal/bytes").asLong()).isPositive();
                assertThat(status.at("/events/total").asLong()).isGreaterThanOrEqualTo(200);
                assertThat(status.get("time_us").asLong()).isGreaterThanOrEqualTo(times.get(199));
                assertThat(status.findValuesAsText("name"))
                        .contains("app.bsky.feed.like")
                        .doesNotHaveDuplicates();
                long ops = 0;
                for (JsonNode collection : status.get("collections")) {
                    ops += collection.get("ops").asLong();
                }
                assertThat(ops).isBetween(1L, status.at("/events/total").asLong());
            } finally {
                client.close();
            }
        }
    }

    @Test
    void lists_the_connections_only_where_the_operator_shows_them() throws Exception {
        Map<String, String> shown =
                Map.of("jetstream.http.expose-connections", "true", "jetstream.subscriber.ping-interval", "100ms");
        try (Upstream upstream = Upstream.start(Upstream.frames(20), sent -> {});
                TestServer server =
                        TestServer.start(data.resolve("shown"), upstream.relay().uri(), shown);
                TestServer usual =
                        TestServer.start(data.resolve("usual"), upstream.relay().uri())) {
            EventClient client = EventClient.open(
                    server.address(),
                    "/subscribe?cursor=1&wantedCollections=app.bsky.feed.like&wantedCollections=app.bsky.graph.*"
                            + "&wantedDids=did:plc:aaaaaaaaaaaaaaaaaaaaaaaa",
                    (opcode, bytes, from, to) -> {});
            EventClient reader =
                    EventClient.open(server.address(), "/subscribe?cursor=1", (opcode, bytes, from, to) -> {});
            try {
                JsonNode connections = await(
                                server,
                                s -> s.at("/connections/list").size() == 2
                                        && s.at("/connections/list/1/sent_events")
                                                        .asLong()
                                                >= 20
                                        && s.at("/connections/list/0/state")
                                                .asText()
                                                .equals("tailing"))
                        .get("connections");
                assertThat(connections.get("left_out").asInt()).isZero();
                JsonNode narrow = connections.at("/list/0");
                assertThat(narrow.get("address").asText()).isEqualTo("127.0.0.1");
                assertThat(narrow.get("collections").asInt()).isEqualTo(2);
                assertThat(narrow.get("dids").asInt()).isEqualTo(1);
                assertThat(narrow.get("behind_events").asLong()).isZero();
                assertThat(narrow.get("sent_events").asLong()).isZero();
                assertThat(Instant.parse(narrow.get("since").asText()))
                        .isBefore(Instant.now().plusSeconds(1));
                assertThat(status(usual.address()).has("connections")).isFalse();
            } finally {
                client.close();
                reader.close();
            }
        }
    }

    @Test
    void says_that_the_relay_is_gone_and_why() throws Exception {
        Upstream upstream = Upstream.start(Upstream.frames(10), sent -> {});
        try (TestServer server = TestServer.start(data, upstream.relay().uri())) {
            Replayed.times(server.address(), "", 1, 10);
            upstream.stop();
            JsonNode status = await(
                    server,
                    s -> !s.at("/upstream/connected").asBoolean()
                            && s.at("/upstream").has("last_error"));
            assertThat(status.at("/upstream/last_error").asText()).isNotBlank();
            assertThat(status.at("/events/total").asLong()).isGreaterThanOrEqualTo(10);
        } finally {
            upstream.close();
        }
    }
}
