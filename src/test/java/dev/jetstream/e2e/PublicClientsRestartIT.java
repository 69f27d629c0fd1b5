package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The clients that exist come back by themselves when a server is started again in its place, and go on where they were. */
@Timeout(180)
class PublicClientsRestartIT {
    private static final int BEFORE = 400;
    private static final int AFTER = 400;
    private static final int RATE = 400;

    @TempDir
    Path data;

    private final List<MadeEvent> sent = Collections.synchronizedList(new ArrayList<>());

    @Test
    void noEventIsLostAndNoneRepeatedButTheOneThatTheCursorNames() throws Exception {
        Map<PublicClient, ScriptedClient> running = new EnumMap<>(PublicClient.class);
        try (Upstream upstream =
                Upstream.start(Upstream.frames(200_000).withRate(RATE), frame -> sent.addAll(MadeEvent.of(frame)))) {
            URI relay = upstream.relay().uri();
            int port;
            try (TestServer server = TestServer.start(data, relay)) {
                port = server.address().getPort();
                for (PublicClient client : installed()) {
                    running.put(
                            client,
                            new ScriptedClient.Ask(server.address()).cursor(1).start(client));
                }
                running.values().forEach(client -> client.awaitEvents(BEFORE));
            }
            try (TestServer server = TestServer.start(data, relay, Map.of("--listen-addr", "127.0.0.1:" + port))) {
                assertThat(server.address().getPort()).isEqualTo(port);
                int enough = sent.size() + AFTER;
                running.values().forEach(client -> client.awaitEvents(enough));
                running.forEach(this::assertInOrder);
            }
        } finally {
            for (ScriptedClient client : running.values()) {
                client.close();
            }
        }
    }

    private static List<PublicClient> installed() throws Exception {
        List<PublicClient> installed = new ArrayList<>();
        for (PublicClient client : PublicClient.values()) {
            try {
                client.runtime.assumeReady();
                installed.add(client);
            } catch (TestAbortedException e) {
                System.out.println(client + " is left out: " + e.getMessage());
            }
        }
        assumeFalse(installed.isEmpty(), "none of the clients can be run");
        return installed;
    }

    private void assertInOrder(PublicClient client, ScriptedClient running) {
        List<String> said = running.said();
        List<Object> due = client.due(TestFilter.ALL.of(new ArrayList<>(sent)));
        int next = 0;
        int opened = 0;
        long lastTime = 0;
        boolean again = false;
        for (String line : said) {
            if (line.equals(ScriptedClient.OPEN)) {
                opened++;
                again = next > 0;
            } else if (PublicClient.isEvent(line)) {
                long time = PublicClient.time(line);
                if (again) {
                    assertThat(time)
                            .as("%s resumes at the event it had last", client)
                            .isEqualTo(lastTime);
                } else {
                    assertThat(time).isGreaterThan(lastTime);
                    next++;
                }
                assertThat(client.withoutTime(line)).as("%s", client).isEqualTo(due.get(next - 1));
                lastTime = time;
                again = false;
            }
        }
        assertThat(opened).as("connections of %s", client).isEqualTo(2);
    }
}
