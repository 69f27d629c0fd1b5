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
import dev.jetstream.event.MessageCompressor;
import dev.jetstream.event.Representations;
import dev.jetstream.metrics.SubscriberMetrics;
import dev.jetstream.metrics.SubscriberMetrics.End;
import dev.jetstream.metrics.SubscriberMetrics.State;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.time.Duration;
import java.util.ArrayList;
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

class SubscriberTest {
    private static final long NOW = 1_780_000_000_000_000L;
    private static final String LIKE = "app.bsky.feed.like";
    private static final String POST = "app.bsky.feed.post";
    private static final Representations FORMS = new Representations(new MessageCompressor(new byte[0], 1));

    private static ActorTestKit kit;
    private static ManualTime time;
    private static TestProbe<Object> waiter;

    private final MemoryLog log = new MemoryLog();
    private final SubscriberMetrics metrics = new SubscriberMetrics();
    private final AtomicLong clock = new AtomicLong(NOW + 1_000_000);
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
        service = service(0, 0);
    }

    private SubscriberService service(double eventsPerSecond, double updatesPerSecond) {
        SubscriberConfig config = config(eventsPerSecond, updatesPerSecond);
        return new SubscriberService(kit.system(), config, log, hub, metrics, clock::get, nanos::get);
    }

    private static SubscriberConfig config(double eventsPerSecond, double updatesPerSecond) {
        return new SubscriberConfig(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                64 * 1024,
                10_000_000,
                eventsPerSecond,
                updatesPerSecond);
    }

    private Socket.Events connect(OptionalLong cursor, boolean hello, Filter filter) {
        SubscribeRequest request = new SubscribeRequest(filter, FORMS.of(Format.V1, false), cursor, hello);
        Socket.Events events = service.subscribe(socket, request);
        socket.reportTo(events);
        return events;
    }

    private Socket.Events connectLive() {
        Socket.Events events = connect(OptionalLong.empty(), false, Filter.ALL);
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
        return events;
    }

    private static void await(Runnable assertion) {
        waiter.awaitAssert(Duration.ofSeconds(10), () -> {
            assertion.run();
            return null;
        });
    }

    private EventBlock append(Blocks.Event... events) {
        EventBlock last = log.tip() == 0 ? null : blockAt(log.tip());
        EventBlock block = Blocks.of(
                log.tip() + 1,
                last == null ? 0 : last.firstOrdinal() + last.count(),
                last == null ? NOW : last.lastTimeUs() + 10,
                List.of(events));
        log.append(block);
        return block;
    }

    private EventBlock blockAt(long sequenceNr) {
        return log.read(sequenceNr).toCompletableFuture().join();
    }

    private void appendAndTell(Blocks.Event... events) {
        hub.publish(append(events));
    }

    private static Blocks.Event event(String collection, String text) {
        return Blocks.Event.commit("did:plc:a", collection, text);
    }

    private List<String> all() {
        List<String> texts = new ArrayList<>();
        for (long i = 1; i <= log.tip(); i++) {
            texts.addAll(Blocks.texts(blockAt(i).frames()));
        }
        return texts;
    }

    @Test
    void aLiveSubscriberGetsWhatComesAfterItConnected() {
        append(event(POST, "before"));
        connectLive();
        appendAndTell(event(POST, "one"), event(LIKE, "two"));
        appendAndTell(event(POST, "three"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 4)));
    }

    @Test
    void aReplayBeginsAtTheCursorAndRunsIntoLive() {
        for (int i = 0; i < 20; i++) {
            append(event(POST, "a" + i), event(LIKE, "b" + i));
        }
        log.holdFrom(15);
        connect(OptionalLong.of(blockAt(4).timeUs(1)), false, Filter.ALL);
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
        appendAndTell(event(POST, "live"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(7, 41)));
    }

    @Test
    void aCursorAboveClockAndNewestEventIsLive() {
        append(event(POST, "before"));
        connect(OptionalLong.of(NOW + 100_000_000_000L), false, Filter.ALL);
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
        appendAndTell(event(POST, "live"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    @Test
    void aCursorAboveTheClockWithinTheJournalReplays() {
        append(event(POST, "a"));
        append(event(POST, "b"));
        clock.set(NOW - 1_000_000);
        connect(OptionalLong.of(blockAt(2).firstTimeUs()), false, Filter.ALL);
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    @Test
    void aPositionThatRetentionTookGoesOnFromTheOldest() {
        for (int i = 0; i < 6; i++) {
            append(event(POST, "a" + i));
        }
        log.deleteBefore(4);
        connect(OptionalLong.of(1), false, Filter.ALL);
        await(() -> assertThat(socket.texts())
                .isEqualTo(all().subList(3, 6).stream().toList()));
    }

    @Test
    void nothingIsSentBeforeTheHello() {
        append(event(POST, "old"));
        Socket.Events events = connect(OptionalLong.empty(), true, Filter.ALL);
        await(() -> assertThat(metrics.in(State.AWAITING_HELLO)).isEqualTo(1));
        appendAndTell(event(POST, "unheard"));
        events.onPing("are you there".getBytes(UTF_8));
        await(() -> assertThat(socket.frames()).hasSize(1));
        assertThat(socket.frames().get(0).opcode()).isEqualTo(FrameHeader.PONG);
        assertThat(socket.frames().get(0).text()).isEqualTo("are you there");
        update(events, "{}");
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
        appendAndTell(event(POST, "heard"));
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(2, 3)));
        assertThat(socket.resumed()).isEqualTo(1);
    }

    @Test
    void afterTheHelloACursorCounts() {
        append(event(POST, "old"), event(LIKE, "older"));
        Socket.Events events = connect(OptionalLong.of(0), true, new Filter(List.of("x.y.z"), List.of(), 0));
        update(events, "{\"wantedCollections\":[\"" + LIKE + "\"]}");
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 2)));
    }

    private static void update(Socket.Events events, String payload) {
        events.onText(("{\"type\":\"options_update\",\"payload\":" + payload + "}").getBytes(UTF_8));
    }

    @Test
    void newOptionsHoldForEveryEventNotYetHandedToTheSocket() {
        Socket.Events events = connectLive();
        socket.appetite(offered -> 0);
        EventBlock first = append(event(POST, "x".repeat(50)), event(LIKE, "y"), event(POST, "z"));
        socket.appetite(offered -> 30);
        hub.publish(first);
        await(() -> assertThat(socket.isAwaited()).isTrue());
        update(events, "{\"wantedCollections\":[\"" + LIKE + "\"]}");
        await(() -> assertThat(socket.resumed()).isEqualTo(1));
        socket.appetite(offered -> offered);
        socket.becomeWritable();
        appendAndTell(event(POST, "no"), event(LIKE, "yes"));
        await(() -> assertThat(socket.texts()).isEqualTo(List.of(all().get(0), all().get(1), all().get(4))));
    }

    @Test
    void whateverTheSocketTakesEveryEventComesOnceInOrder() {
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            int size = i % 20 == 0 ? 150_000 : random.nextInt(2_000);
            append(event(random.nextBoolean() ? POST : LIKE, "t".repeat(size)), event(POST, "s"), event(LIKE, "u"));
        }
        log.holdFrom(40);
        Random appetite = new Random(8);
        socket.appetite(
                offered -> appetite.nextInt(4) == 0 ? offered : appetite.nextInt(offered + 1) * appetite.nextInt(2));
        socket.soonWritable();
        connect(OptionalLong.of(0), false, new Filter(List.of(POST), List.of(), 0));
        List<String> wanted =
                all().stream().filter(json -> json.contains("\"" + POST + "\"")).toList();
        await(() -> assertThat(socket.texts().size()).isEqualTo(wanted.size()));
        assertThat(socket.texts()).isEqualTo(wanted);
    }

    @Test
    void aCursorHoldsAlsoWhenTheFirstWriteIsRefused() {
        append(event(POST, "a"), event(POST, "b"), event(POST, "c"));
        socket.appetite(offered -> 0);
        connect(OptionalLong.of(NOW + 1), false, Filter.ALL);
        await(() -> assertThat(socket.isAwaited()).isTrue());
        socket.appetite(offered -> offered);
        socket.becomeWritable();
        await(() -> assertThat(socket.texts()).isEqualTo(all().subList(1, 3)));
    }

    @Test
    void messagesThatEndTheConnection() {
        record Case(String message, int code, String reason, End end) {}
        String tooMany = "[\"did:plc:x\",1]";
        for (Case bad : List.of(
                new Case("{", 1007, "message is not JSON", End.BAD_DATA),
                new Case("[]", 1007, "invalid message: message is not an object", End.BAD_DATA),
                new Case("{\"type\":1}", 1007, "invalid message: type is not a string", End.BAD_DATA),
                new Case("{\"type\":\"options_update\"}", 1007, "invalid message: payload is missing", End.BAD_DATA),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"wantedDids\":" + tooMany + "}}",
                        1007,
                        "invalid message: wantedDids is not a list of strings",
                        End.BAD_DATA),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"WANTEDDIDS\":[\"nope\"]}}",
                        1008,
                        "invalid subscriber options: invalid did: nope",
                        End.INVALID_OPTIONS),
                new Case(
                        "{\"type\":\"options_update\",\"payload\":{\"wantedCollections\":[\"a.b.fo*\"]}}",
                        1008,
                        "invalid subscriber options: invalid collection: a.b.fo*",
                        End.INVALID_OPTIONS))) {
            long before = metrics.ended(bad.end());
            FakeSocket mine = new FakeSocket();
            SubscribeRequest request =
                    new SubscribeRequest(Filter.ALL, FORMS.of(Format.V1, false), OptionalLong.empty(), true);
            Socket.Events events = service.subscribe(mine, request);
            mine.reportTo(events);
            events.onText(bad.message().getBytes(UTF_8));
            await(() -> assertThat(mine.isFinished()).isTrue());
            FakeSocket.Frame last = mine.frames().get(0);
            assertThat(last.closeCode()).as(bad.message()).isEqualTo(bad.code());
            assertThat(last.closeReason()).isEqualTo(bad.reason());
            events.onGone();
            await(() -> assertThat(metrics.ended(bad.end())).isEqualTo(before + 1));
        }
        await(() -> assertThat(service.count()).isZero());
    }

    @Test
    void messagesThatAreIgnored() {
        Socket.Events events = connectLive();
        for (String message : List.of("{\"type\":\"hello\",\"payload\":7}", "{\"x\":[{}]}", "null")) {
            events.onText(message.getBytes(UTF_8));
        }
        await(() -> assertThat(socket.resumed()).isEqualTo(3));
        appendAndTell(event(POST, "still there"));
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }

    @Test
    void whileAWriteIsStuckOnlyTheLatestPingIsAnswered() {
        Socket.Events events = connectLive();
        socket.appetite(offered -> 10);
        appendAndTell(event(POST, "stuck"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        for (String payload : List.of("one", "two", "three")) {
            events.onPing(payload.getBytes(UTF_8));
        }
        socket.appetite(offered -> offered);
        await(() -> {
            socket.becomeWritable();
            assertThat(socket.frames()).hasSize(2);
        });
        assertThat(socket.texts()).isEqualTo(all());
        assertThat(socket.frames().get(1).opcode()).isEqualTo(FrameHeader.PONG);
        assertThat(socket.frames().get(1).text()).isEqualTo("three");
    }

    private void passTime(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        time.timePasses(duration);
    }

    @Test
    void aConnectionThatWasSentNothingIsPinged() {
        connectLive();
        passTime(Duration.ofSeconds(11));
        await(() -> assertThat(socket.frames()).hasSize(1));
        assertThat(socket.frames().get(0).opcode()).isEqualTo(FrameHeader.PING);
    }

    @Test
    void aStalledConnectionIsEndedAndCounted() {
        connectLive();
        socket.appetite(offered -> Math.min(offered, 10));
        appendAndTell(event(POST, "never read"));
        await(() -> assertThat(socket.isAwaited()).isTrue());
        socket.appetite(offered -> 0);
        passTime(Duration.ofSeconds(59));
        passTime(Duration.ofSeconds(5));
        await(() -> assertThat(socket.isAborted()).isTrue());
        await(() -> assertThat(metrics.ended(End.TOO_SLOW)).isEqualTo(1));
        await(() -> assertThat(service.count()).isZero());
    }

    @Test
    void aSlowConnectionThatTakesSomethingIsNotEnded() {
        connectLive();
        socket.appetite(offered -> Math.min(offered, 10));
        appendAndTell(event(POST, "read slowly"));
        for (int i = 0; i < 10; i++) {
            await(() -> assertThat(socket.isAwaited()).isTrue());
            passTime(Duration.ofSeconds(50));
            socket.becomeWritable();
        }
        assertThat(socket.isAborted()).isFalse();
    }

    @Test
    void theClientsCloseIsAnswered() {
        Socket.Events events = connectLive();
        events.onClose(4001);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(4001);
        events.onGone();
        await(() -> assertThat(metrics.ended(End.CLIENT_CLOSED)).isEqualTo(1));
    }

    @Test
    void aStopClosesWith1001() {
        Socket.Events events = connectLive();
        var stopped = service.closeAll().toCompletableFuture();
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.GOING_AWAY);
        assertThat(stopped).isNotDone();
        events.onGone();
        await(() -> assertThat(stopped).isCompleted());
    }

    @Test
    void anUnreadableJournalClosesWith1011() {
        append(event(POST, "a"));
        append(event(POST, "b"));
        log.holdFrom(2);
        log.failReads(new IllegalStateException("broken"));
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.INTERNAL_ERROR);
    }

    @Test
    void aClientThatSendsMoreMessagesThanAllowedIsClosed() {
        service = service(0, 1);
        Socket.Events events = connectLive();
        update(events, "{}");
        update(events, "{}");
        await(() -> assertThat(socket.resumed()).isEqualTo(2));
        nanos.addAndGet(Duration.ofMillis(1_100).toNanos());
        update(events, "{}");
        await(() -> assertThat(socket.resumed()).isEqualTo(3));
        update(events, "{}");
        await(() -> assertThat(socket.isFinished()).isTrue());
        assertThat(socket.frames().get(0).closeCode()).isEqualTo(CloseFrame.POLICY_VIOLATION);
        assertThat(socket.frames().get(0).closeReason()).isEqualTo("too many messages");
    }

    @Test
    void anAddressIsSentNoMoreThanItsRate() {
        service = service(10, 0);
        for (int i = 0; i < 30; i++) {
            append(event(POST, "a" + i));
        }
        connect(OptionalLong.of(0), false, Filter.ALL);
        await(() -> assertThat(socket.texts()).hasSize(10));
        passTime(Duration.ofMillis(500));
        await(() -> assertThat(socket.texts()).hasSize(15));
        passTime(Duration.ofMillis(500));
        await(() -> assertThat(socket.texts()).hasSize(20));
        passTime(Duration.ofMillis(1_000));
        await(() -> assertThat(socket.texts()).isEqualTo(all()));
    }
}
