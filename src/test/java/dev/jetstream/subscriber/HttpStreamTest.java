package dev.jetstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.broadcast.LiveHub;
import dev.jetstream.config.BroadcastConfig;
import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.event.Blocks;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Format;
import dev.jetstream.event.HttpStream;
import dev.jetstream.event.MessageCompressor;
import dev.jetstream.event.Representations;
import dev.jetstream.metrics.SubscriberMetrics;
import dev.jetstream.metrics.SubscriberMetrics.State;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Subscribers that are served in the body of an HTTP answer. */
class HttpStreamTest {
    private static final long NOW = 1_780_000_000_000_000L;
    private static final String LAST = "0\r\n\r\n";
    private static final Representations FORMS = new Representations(new MessageCompressor(new byte[0], 1));

    private static ActorTestKit kit;
    private static ManualTime time;
    private static TestProbe<Object> waiter;

    private final MemoryLog log = new MemoryLog();
    private final SubscriberMetrics metrics = new SubscriberMetrics();
    private final AtomicLong nanos = new AtomicLong();
    private final FakeSocket socket = new FakeSocket();
    private LiveHub hub;
    private SubscriberService service;

    @BeforeAll
    static void startSystem() {
        kit = ActorTestKit.create(ManualTime.config());
        time = ManualTime.get(kit.system());
        waiter = kit.createTestProbe();
    }

    @AfterAll
    static void stopSystem() {
        kit.shutdownTestKit();
    }

    @BeforeEach
    void startService() {
        hub = LiveHub.start(kit.system(), new BroadcastConfig(16), 2);
        SubscriberConfig config = new SubscriberConfig(
                Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(5), 64 * 1024, 10_000_000, 0, 0);
        service = new SubscriberService(kit.system(), config, log, hub, metrics, () -> NOW + 1_000_000, nanos::get);
    }

    private void connect(HttpStream stream, OptionalLong cursor) {
        SubscribeRequest request = new SubscribeRequest(Filter.ALL, FORMS.of(Format.V1, stream), cursor, false);
        socket.reportTo(service.subscribe(socket, request));
    }

    private static void await(Runnable assertion) {
        waiter.awaitAssert(Duration.ofSeconds(10), () -> {
            assertion.run();
            return null;
        });
    }

    private void awaitTail() {
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
    }

    private EventBlock append(String... texts) {
        List<Blocks.Event> events = List.of(texts).stream()
                .map(text -> Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", text))
                .toList();
        EventBlock block = Blocks.of(log.tip() + 1, 100 * log.tip(), NOW + 100 * log.tip(), events);
        log.append(block);
        return block;
    }

    private void passTime(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        time.timePasses(duration);
    }

    private String sent() {
        return new String(socket.bytes(), UTF_8);
    }

    private static String chunks(EventBlock block, HttpStream stream) {
        return new String(block.frames(FORMS.of(Format.V1, stream)).bytes(), UTF_8);
    }

    @Test
    void silenceIsBrokenByALineThatSaysNothing() {
        connect(HttpStream.SERVER_SENT_EVENTS, OptionalLong.empty());
        awaitTail();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(sent()).isEqualTo("2\r\n:\n\r\n"));
        EventBlock block = append("one");
        hub.publish(block);
        await(() -> assertThat(sent()).endsWith(chunks(block, HttpStream.SERVER_SENT_EVENTS)));
    }

    @Test
    void silenceBetweenLinesIsBrokenByAnEmptyOne() {
        connect(HttpStream.NDJSON, OptionalLong.empty());
        awaitTail();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(sent()).isEqualTo("1\r\n\n\r\n"));
    }

    @Test
    void aStopEndsTheBodyBehindAWholeEvent() {
        EventBlock block = append("x".repeat(500));
        socket.appetite(offered -> Math.min(offered, 100));
        connect(HttpStream.SERVER_SENT_EVENTS, OptionalLong.of(0));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        service.closeAll();
        socket.appetite(offered -> offered);
        await(() -> {
            socket.becomeWritable();
            assertThat(socket.isFinished()).isTrue();
        });
        assertThat(sent()).isEqualTo(chunks(block, HttpStream.SERVER_SENT_EVENTS) + LAST);
    }

    @Test
    void whateverTheSocketTakesEveryEventIsAWholeChunkInOrder() {
        StringBuilder wanted = new StringBuilder();
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            EventBlock block = append("t".repeat(i % 20 == 0 ? 150_000 : random.nextInt(2_000)), "s");
            wanted.append(chunks(block, HttpStream.NDJSON));
        }
        log.holdFrom(30);
        Random appetite = new Random(8);
        socket.appetite(
                offered -> appetite.nextInt(4) == 0 ? offered : appetite.nextInt(offered + 1) * appetite.nextInt(2));
        socket.soonWritable();
        connect(HttpStream.NDJSON, OptionalLong.of(0));
        await(() -> assertThat(socket.bytes()).hasSize(wanted.length()));
        assertThat(sent()).isEqualTo(wanted.toString());
    }

    @Test
    void aStalledStreamIsAborted() {
        connect(HttpStream.NDJSON, OptionalLong.empty());
        awaitTail();
        socket.appetite(offered -> 0);
        hub.publish(append("never read"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        passTime(Duration.ofSeconds(59));
        passTime(Duration.ofSeconds(5));
        await(() -> assertThat(socket.isAborted()).isTrue());
    }
}
