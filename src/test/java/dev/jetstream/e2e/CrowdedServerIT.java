package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.SentFrame;
import dev.jetstream.relay.V1Lines;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A live subscriber beside others that keep every core busy. What it waits for its events is compared with how long the others'
 * work takes on the same machine: were it done in order of arrival, the two would be alike.
 */
@Timeout(300)
class CrowdedServerIT {
    private static final long HELD_FRAMES = 40_000;
    private static final int ACCOUNTS = 2_000;
    private static final int REPLAYS = 300;
    private static final int DIDS_PER_REPLAY = 200;
    private static final int UPDATES = 100;
    private static final int DIDS_PER_UPDATE = 10_000;
    private static final int MAX_PART_OF_WORK = 4;
    private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Map<String, String> MANY_UPDATES =
            Map.of("jetstream.subscriber.max-options-updates-per-second", "0");

    @TempDir
    Path data;

    private final List<String> dids = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> sentNanos = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> receivedNanos = Collections.synchronizedList(new ArrayList<>());
    private final List<EventClient> clients = new ArrayList<>();
    private volatile boolean isHeld;

    private void onSent(SentFrame frame) {
        for (String ignored : V1Lines.of(frame)) {
            if (isHeld) {
                sentNanos.add(System.nanoTime());
            } else {
                dids.add(frame.did());
            }
        }
    }

    private Upstream upstream() throws IOException {
        return Upstream.start(Upstream.frames(HELD_FRAMES).withAccounts(ACCOUNTS), this::onSent);
    }

    private void subscribeLive(TestServer server) throws IOException {
        server.awaitScrape(page -> page.value("consumer_last_seq") == HELD_FRAMES);
        isHeld = true;
        long heldUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        subscribe(server, "", (opcode, bytes, from, to) -> {
            if (Message.time(bytes, Message.timeAt(bytes, from)) > heldUs) {
                receivedNanos.add(System.nanoTime());
            }
        });
    }

    private EventClient subscribe(TestServer server, String query, EventClient.Sink sink) throws IOException {
        EventClient client = server.subscribe(query, sink);
        clients.add(client);
        return client;
    }

    @AfterEach
    void closeClients() throws IOException {
        for (EventClient client : clients) {
            client.close();
        }
    }

    @Test
    void aLiveSubscriberWaitsForNoReplay() throws Exception {
        try (Upstream upstream = upstream();
                TestServer server = TestServer.start(data, upstream.relay().uri())) {
            subscribeLive(server);
            Random random = new Random(1);
            List<String> accounts = dids.stream().distinct().sorted().collect(Collectors.toList());
            Map<String, Long> events = dids.stream().collect(Collectors.groupingBy(did -> did, Collectors.counting()));
            AtomicLong due = new AtomicLong();
            AtomicLong had = new AtomicLong();
            long start = System.nanoTime();
            for (int i = 0; i < REPLAYS; i++) {
                Collections.shuffle(accounts, random);
                List<String> wanted = accounts.subList(0, DIDS_PER_REPLAY);
                wanted.forEach(did -> due.addAndGet(events.get(did)));
                String query = wanted.stream().map(did -> "&wantedDids=" + did).collect(Collectors.joining());
                subscribe(
                        server, "?cursor=0&compress=true" + query, (opcode, bytes, from, to) -> had.incrementAndGet());
            }
            feedUntil(upstream, () -> had.get() >= due.get());
            assertDelayIsSmall(System.nanoTime() - start);
        }
    }

    @Test
    void aLiveSubscriberWaitsForNoOptionsUpdate() throws Exception {
        try (Upstream upstream = upstream();
                TestServer server = TestServer.start(data, upstream.relay().uri(), MANY_UPDATES)) {
            subscribeLive(server);
            String update = IntStream.range(0, DIDS_PER_UPDATE)
                    .mapToObj(i -> "\"did:plc:%024d\"".formatted(i))
                    .collect(Collectors.joining(
                            ",", "{\"type\":\"options_update\",\"payload\":{\"wantedDids\":[", "]}}"));
            Scrape before = server.scrape();
            AtomicInteger done = new AtomicInteger();
            long start = System.nanoTime();
            for (int i = 0; i < 2; i++) {
                EventClient client = subscribe(server, "", (opcode, bytes, from, to) -> {});
                Thread sending = new Thread(() -> sendAll(client, update, done), "updates");
                sending.setDaemon(true);
                sending.start();
            }
            feedUntil(upstream, () -> done.get() == 2);
            server.awaitScrape(page -> page.since(before, "jetstream_subscriber_options_updates_total") == 2 * UPDATES);
            assertDelayIsSmall(System.nanoTime() - start);
        }
    }

    private static void sendAll(EventClient client, String update, AtomicInteger done) {
        try {
            for (int i = 0; i < UPDATES; i++) {
                client.send(update);
            }
            done.incrementAndGet();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets the relay send a frame every 5 ms until the others' work is done. */
    private void feedUntil(Upstream upstream, BooleanSupplier isDone) {
        long frames = HELD_FRAMES;
        long next = System.nanoTime();
        while (!isDone.getAsBoolean()) {
            upstream.source().setLimit(++frames);
            next += FRAME_NANOS;
            LockSupport.parkNanos(next - System.nanoTime());
        }
        upstream.awaitMade(frames);
        Await.until(
                () -> receivedNanos.size() >= sentNanos.size(),
                () -> "got " + receivedNanos.size() + " of " + sentNanos.size());
    }

    private void assertDelayIsSmall(long workNanos) {
        long[] delays = IntStream.range(0, sentNanos.size())
                .mapToLong(i -> receivedNanos.get(i) - sentNanos.get(i))
                .sorted()
                .toArray();
        long delay = delays[delays.length * 9 / 10];
        System.out.printf(
                "%d events in %.1f s of others' work: delay p50 %.1f ms, p90 %.1f ms, p99 %.1f ms%n",
                delays.length,
                workNanos / 1e9,
                delays[delays.length / 2] / 1e6,
                delay / 1e6,
                delays[delays.length * 99 / 100] / 1e6);
        assertThat(delay).as("p90 of the delay, ns").isLessThan(workNanos / MAX_PART_OF_WORK);
    }
}
