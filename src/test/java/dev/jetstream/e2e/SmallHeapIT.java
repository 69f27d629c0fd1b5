package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.SyntheticOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A heap of 256 MB, a thousand subscribers, twenty replays of all that a long journal has, and events still coming.
 * {@code -Djetstream.soak.events} says how long the journal is.
 */
@Tag("soak")
@Timeout(value = 2, unit = TimeUnit.HOURS)
class SmallHeapIT {
    private static final long EVENTS = Long.getLong("jetstream.soak.events", 5_000_000);
    private static final int SUBSCRIBERS = 1_000;
    private static final int REPLAYS = 20;
    private static final int FRAMES_A_TENTH = 10;
    /** Each frame has an event or more. */
    private static final long FILL_STEP = 200_000;

    private static final int SERVICE_RESTART = 1012;
    private static final int NOT_CLOSED = -1;
    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
    private static final Map<String, String> USUAL = Map.of("JETSTREAM_SUBSCRIBER_STALL_TIMEOUT", "60s");

    @TempDir
    Path directory;

    /** Counts what it gets, in order, and sums the first of it up. */
    private static final class Reader implements EventClient.Sink {
        private long lastTime;
        private long sum;
        private volatile long count;
        private volatile boolean isBroken;

        @Override
        public void message(int opcode, byte[] bytes, int from, int to) {
            long time = Message.time(bytes, Message.timeAt(bytes, from));
            isBroken |= time <= lastTime;
            lastTime = time;
            if (count < EVENTS) {
                sum = Long.rotateLeft(sum ^ Message.print(bytes, from, to) ^ time, 7) * 31;
            }
            count++;
        }
    }

    private final List<Reader> readers = new ArrayList<>();
    private final List<EventClient> clients = new ArrayList<>();

    @Test
    void servesALotWithoutRunningOutOfMemory() throws Exception {
        SyntheticOptions plenty = Upstream.frames(1).withBacklog(50_000, 64 << 20);
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Upstream upstream = Upstream.start(plenty, sent -> {});
                JarServer server = JarServer.start(directory, upstream.relay().uri(), JVM, USUAL)) {
            fill(upstream, server);
            timer.scheduleAtFixedRate(
                    () -> upstream.source().setLimit(upstream.source().newestSeq() + FRAMES_A_TENTH),
                    0,
                    100,
                    TimeUnit.MILLISECONDS);
            for (int i = 0; i < SUBSCRIBERS; i++) {
                connect(server, "");
            }
            long begun = System.nanoTime();
            for (int i = 0; i < REPLAYS; i++) {
                connect(server, "?cursor=0");
            }
            List<Reader> replays = readers.subList(SUBSCRIBERS, SUBSCRIBERS + REPLAYS);
            awaitReplays(server, replays);
            System.out.printf(
                    "%d replays of %d events in %.1f s beside %d subscribers; resident %.0f MB%n",
                    REPLAYS,
                    EVENTS,
                    (System.nanoTime() - begun) / 1e9,
                    SUBSCRIBERS,
                    server.scrape().value("process_resident_memory_bytes") / 1e6);
            assertThat(replays).allMatch(reader -> reader.sum == replays.get(0).sum);
            assertThat(readers).noneMatch(reader -> reader.isBroken);
            assertThat(readers).allMatch(reader -> reader.count > 0);
            assertThat(clients).allMatch(client -> client.closeCode() == NOT_CLOSED && !client.isEnded());
            timer.shutdownNow();

            server.terminate();
            assertThat(server.awaitExit(10)).as(server.said()).isZero();
            assertThat(clients)
                    .allMatch(client ->
                            client.awaitEnd().closeCode() == SERVICE_RESTART || client.closeCode() == NOT_CLOSED);
            assertThat(server.said()).doesNotContain("ERROR", "Exception", "OutOfMemory");
        } finally {
            timer.shutdownNow();
        }
    }

    private static void fill(Upstream upstream, JarServer server) {
        for (long due = FILL_STEP; due < EVENTS + FILL_STEP; due += FILL_STEP) {
            long events = Math.min(EVENTS, due);
            upstream.source().setLimit(upstream.source().newestSeq() + FILL_STEP);
            server.awaitScrape(page -> page.value("consumer_events_persisted_total") >= events);
        }
    }

    private void connect(JarServer server, String query) throws Exception {
        Reader reader = new Reader();
        readers.add(reader);
        clients.add(EventClient.open(server.address(), "/subscribe" + query, reader));
    }

    private static void awaitReplays(JarServer server, List<Reader> replays) {
        for (int part = 1; part <= 100; part++) {
            long due = EVENTS * part / 100;
            Await.until(
                    () -> replays.stream().allMatch(reader -> reader.count >= due),
                    () -> "event " + due + "; " + server.said());
        }
    }
}
