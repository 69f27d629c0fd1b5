package dev.jetstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.event.Blocks;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.Subscription;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Subscribers on a log in memory and a socket of the test's, with the time in the test's hand. */
abstract class SubscriberFixture {
    static final long NOW = 1_780_000_000_000_000L;
    static final String LIKE = "app.bsky.writer.like";
    static final String POST = "app.bsky.writer.post";
    static final V1Stream FORMS = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);

    private static ActorTestKit kit;
    private static ManualTime time;
    private static TestProbe<Object> waiter;

    final MemoryLog log = new MemoryLog();
    final SubscriberMetrics metrics = new SubscriberMetrics();
    final AtomicLong clock = new AtomicLong(NOW + 1_000_000);
    LongSupplier clockUs = clock::get;
    final AtomicLong nanos = new AtomicLong();
    final FakeSocket socket = new FakeSocket();
    ActorRef<Subscribers.Command> service;
    final ReplayGate gate = new ReplayGate(2);

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
        service = service(0, 0);
    }

    /** Subscribers with limits; 0: none. */
    ActorRef<Subscribers.Command> service(double eventsPerSecond, double updatesPerSecond) {
        SubscriberConfig config = config(eventsPerSecond, updatesPerSecond);
        return kit.spawn(Subscribers.create(config, log, metrics, () -> clockUs.getAsLong(), nanos::get));
    }

    /** Subscribers that take their shares from these, and read this clock. */
    ActorRef<Subscribers.Command> service(SharedFilters filters, RateLimits rates, LongSupplier subscribersNanoTime) {
        return kit.spawn(Subscribers.create(new Subscribers.Shared(
                config(0, 0), log, filters, rates, gate, metrics, clock::get, subscribersNanoTime)));
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

    Socket.Events connect(OptionalLong cursor, boolean hello, Filter filter) {
        return connect(new Subscription(FORMS, filter, FORMS.encoding(Format.V1, false), cursor, hello));
    }

    Socket.Events connect(Subscription request) {
        Socket.Events events = Subscribers.connect(service, socket, request);
        socket.reportTo(events);
        return events;
    }

    Socket.Events connectLive() {
        Socket.Events events = connect(OptionalLong.empty(), false, Filter.ALL);
        awaitTail();
        return events;
    }

    void awaitTail() {
        await(() -> assertThat(metrics.in(State.TAILING)).isEqualTo(1));
    }

    /** Others replay: nobody gets a turn of the gate until {@code gate.done()}. */
    void takeAllTurns() {
        TestProbe<Subscriber.Command> other = kit.createTestProbe();
        gate.request(other.ref());
        gate.request(other.ref());
    }

    CompletableFuture<Done> closeAll() {
        return AskPattern.ask(
                        service,
                        Subscribers.CloseAll::new,
                        Duration.ofMinutes(1),
                        kit.system().scheduler())
                .toCompletableFuture();
    }

    static void await(Runnable assertion) {
        waiter.awaitAssert(Patience.LIMIT, Duration.ofMillis(5), () -> {
            assertion.run();
            return null;
        });
    }

    /** The next block of the log, which nobody is told of. */
    EventBlock append(Blocks.Event... events) {
        EventBlock last = log.tip() == 0 ? null : blockAt(log.tip());
        EventBlock block = Blocks.of(
                log.tip() + 1,
                last == null ? 0 : last.firstOrdinal() + last.count(),
                last == null ? NOW : last.lastTimeUs() + 10,
                List.of(events));
        log.append(block);
        return block;
    }

    EventBlock blockAt(long sequenceNr) {
        return log.read(sequenceNr).toCompletableFuture().join();
    }

    void appendAndTell(Blocks.Event... events) {
        append(events);
        log.announce();
    }

    static Blocks.Event event(String collection, String text) {
        return Blocks.Event.commit("did:plc:a", collection, text);
    }

    /** Every event of the log, as a subscriber gets it. */
    List<String> all() {
        List<String> texts = new ArrayList<>();
        for (long i = 1; i <= log.tip(); i++) {
            texts.addAll(Blocks.texts(blockAt(i)));
        }
        return texts;
    }

    void passTime(Duration duration) {
        nanos.addAndGet(duration.toNanos());
        time.timePasses(duration);
    }

    static void update(Socket.Events events, String payload) {
        events.onText(("{\"type\":\"options_update\",\"payload\":" + payload + "}").getBytes(UTF_8));
    }
}
