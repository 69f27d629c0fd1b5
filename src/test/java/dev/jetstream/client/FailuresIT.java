package dev.jetstream.client;

import static dev.jetstream.client.Lines.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failures in the user's own code: each ends the stream and is reported, none stops it silently. */
@Timeout(180)
class FailuresIT {
    private static final ScriptedServer.Script TWO_EVENTS = peer -> {
        peer.upgrade().text(create(1), create(2));
        peer.drain();
    };

    private static Throwable failure(boolean error) {
        return error
                ? new AssertionError("a subscriber's error")
                : new IllegalStateException("a subscriber's exception");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable failure) throws E {
        throw (E) failure;
    }

    /** Fails in {@code onNext}, and keeps what it gets. */
    private static Collector<EventLine> failing(Throwable failure) {
        return new Collector<>(Long.MAX_VALUE) {
            @Override
            public void onNext(EventLine line) {
                super.onNext(line);
                FailuresIT.<RuntimeException>sneak(failure);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatOnNextThrowsReachesOnErrorAndEndsTheConnection(boolean error) throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        Throwable failure = failure(error);
        ScriptedServer.Script script = peer -> {
            try {
                TWO_EVENTS.play(peer);
            } finally {
                left.countDown();
            }
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build())) {
            Collector<EventLine> lines = failing(failure);
            jetstream.lines().subscribe(lines);
            assertThat(lines.failure()).isSameAs(failure);
            left.await();
            assertThat(lines.waiting()).isEqualTo(1);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnActionThrowsReachesTheCallerOfForEach(boolean error) {
        Throwable failure = failure(error);
        try (ScriptedServer server = new ScriptedServer(TWO_EVENTS);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build())) {
            assertThatThrownBy(() -> jetstream.forEach(event -> FailuresIT.<RuntimeException>sneak(failure)))
                    .isSameAs(failure);
        }
    }

    @Test
    void aSubscriberThatFailsInOnSubscribeIsNeverConnected() {
        try (ScriptedServer server = new ScriptedServer(TWO_EVENTS);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build())) {
            Collector<EventLine> lines = new Collector<>(1) {
                @Override
                public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
                    throw new AssertionError("no");
                }
            };
            assertThatThrownBy(() -> jetstream.lines().subscribe(lines)).isInstanceOf(AssertionError.class);
            Collector.of(jetstream.lines()).take(2);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void closingEndsASubscriberThatAsksForNothing() {
        try (ScriptedServer server = new ScriptedServer(TWO_EVENTS)) {
            Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build());
            Collector<EventLine> lines = Collector.of(jetstream.lines(), 0);
            jetstream.close();
            lines.completed();
        }
    }

    @Test
    void closingFromOnNextEndsTheSubscriber() {
        try (ScriptedServer server = new ScriptedServer(TWO_EVENTS)) {
            Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build());
            Collector<EventLine> lines = new Collector<>(Long.MAX_VALUE) {
                @Override
                public void onNext(EventLine line) {
                    super.onNext(line);
                    jetstream.close();
                }
            };
            jetstream.lines().subscribe(lines);
            lines.completed();
            assertThat(lines.waiting()).isEqualTo(1);
        }
    }

    @Test
    void anErrorOfTheListenerHarmsNothing() {
        ScriptedServer.Script refuses = ScriptedServer.http("503 Service Unavailable", "no");
        JetstreamListener listener = new JetstreamListener() {
            @Override
            public void onConnected(URI server, OptionalLong cursor) {
                throw new AssertionError("connected");
            }

            @Override
            public void onDisconnected(URI server, String reason, Duration retryIn) {
                throw new AssertionError("disconnected");
            }

            @Override
            public void onSkipped(URI server, String reason) {
                throw new AssertionError("skipped");
            }
        };
        ScriptedServer.Script good = peer -> {
            peer.upgrade().text("not an event", create(1));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(refuses, good);
                Jetstream jetstream = Jetstream.create(
                        ReconnectIT.fast(server).listener(listener).build())) {
            Collector.of(jetstream.lines()).take(1);
        }
    }

    @Test
    void anHttpClientThatRefusesAnAttemptIsTriedAgain() {
        AtomicInteger refusals = new AtomicInteger();
        HttpClient client = HttpClient.newBuilder()
                .executor(task -> {
                    if (refusals.getAndIncrement() == 0) {
                        throw new RejectedExecutionException("busy");
                    }
                    new Thread(task, "client").start();
                })
                .build();
        try (ScriptedServer server = new ScriptedServer(TWO_EVENTS);
                Jetstream jetstream = Jetstream.create(
                        ReconnectIT.fast(server).httpClient(client).build())) {
            Collector.of(jetstream.lines()).take(2);
            assertThat(refusals).hasPositiveValue();
        }
    }
}
