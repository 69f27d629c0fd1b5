package dev.jetstream.client;

import static dev.jetstream.client.Lines.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import dev.jetstream.websocket.FrameHeader;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class ReconnectIT {
    static JetstreamOptions.Builder fast(ScriptedServer... servers) {
        return JetstreamOptions.builder(java.util.Arrays.stream(servers)
                        .map(ScriptedServer::url)
                        .toList())
                .backoff(Duration.ofMillis(5), Duration.ofMillis(50))
                .livenessTimeout(Duration.ofMillis(1_200));
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1006, 1011, 1012})
    void resumesAtTheLastTimeAndDropsTheRepeat(int closeCode) {
        ScriptedServer.Script first = peer -> {
            peer.upgrade().text(create(1_000), create(2_000));
            if (closeCode == 1006) {
                peer.sync();
            } else {
                peer.close(closeCode, "bye");
                peer.drain();
            }
        };
        ScriptedServer.Script second = peer -> {
            peer.upgrade().text(create(2_000), create(3_000));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(first, second);
                Jetstream jetstream = Jetstream.create(fast(server).build())) {
            Collector<EventLine> lines = Collector.of(jetstream.lines());
            assertThat(lines.take(3)).extracting(EventLine::timeUs).containsExactly(1_000L, 2_000L, 3_000L);
            assertThat(server.requests()).containsExactly("/subscribe", "/subscribe?cursor=2000");
            assertThat(jetstream.stats().repeats()).isEqualTo(1);
            assertThat(jetstream.stats().connections()).isEqualTo(2);
        }
    }

    @Test
    void deliversTiesOfAnOldServerAndEachOnceAcrossAReconnect() {
        ScriptedServer.Script first = peer ->
                peer.upgrade().text(create(1_000, "a"), create(1_000, "b")).sync();
        ScriptedServer.Script second = peer -> {
            peer.upgrade().text(create(1_000, "a"), create(1_000, "b"), create(1_000, "c"), create(1_001, "d"));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(first, second);
                Jetstream jetstream = Jetstream.create(fast(server).build())) {
            Collector<JetstreamEvent> events = Collector.of(jetstream.events());
            assertThat(events.take(4))
                    .extracting(event -> ((CommitEvent) event).rkey())
                    .containsExactly("a", "b", "c", "d");
        }
    }

    @Test
    void resumesBehindAStoredCursor() {
        ScriptedServer.Script script = peer -> {
            peer.upgrade().text(create(5_000), create(6_000));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream =
                        Jetstream.create(fast(server).resumeAfter(5_000).build())) {
            assertThat(Collector.of(jetstream.lines()).take(1))
                    .extracting(EventLine::timeUs)
                    .containsExactly(6_000L);
            assertThat(server.requests()).containsExactly("/subscribe?cursor=5000");
        }
    }

    @Test
    void aLiveStreamLostBeforeItsFirstEventResumesFromWhenItWasOpened() {
        ScriptedServer.Script lost = ScriptedServer.Peer::upgrade;
        ScriptedServer.Script next = peer -> {
            peer.upgrade().text(create(Long.MAX_VALUE / 1_000));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(lost, next);
                Jetstream jetstream = Jetstream.create(fast(server).build())) {
            Collector.of(jetstream.lines()).take(1);
            assertThat(server.requests().get(1)).matches("/subscribe\\?cursor=\\d{16}");
        }
    }

    @Test
    void goesToTheNextHostAfterAFailedAttemptAndRewindsThere() {
        ScriptedServer.Script broken = ScriptedServer.http("503 Service Unavailable", "no");
        ScriptedServer.Script once =
                peer -> peer.upgrade().text(create(10_000_000)).sync();
        ScriptedServer.Script other = peer -> {
            peer.upgrade().text(create(9_500_000), create(10_000_000));
            peer.drain();
        };
        try (ScriptedServer one = new ScriptedServer(once, broken);
                ScriptedServer two = new ScriptedServer(other);
                Jetstream jetstream = Jetstream.create(
                        fast(one, two).rewindOnHostSwitch(Duration.ofSeconds(2)).build())) {
            // What the other host's clock calls 9.5 s may be new: nothing is dropped there.
            assertThat(Collector.of(jetstream.lines()).take(3))
                    .extracting(EventLine::timeUs)
                    .containsExactly(10_000_000L, 9_500_000L, 10_000_000L);
            assertThat(one.requests()).containsExactly("/subscribe", "/subscribe?cursor=10000000");
            assertThat(two.requests()).containsExactly("/subscribe?cursor=8000000");
        }
    }

    @Test
    void tellsTheListenerOfEachLossWithAPauseThatIsBounded() throws InterruptedException {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        JetstreamListener listener = new JetstreamListener() {
            @Override
            public void onConnected(URI server, OptionalLong cursor) {
                told.add("connected " + cursor.isPresent());
                throw new IllegalStateException("a listener's failure harms nothing");
            }

            @Override
            public void onDisconnected(URI server, String reason, Duration retryIn) {
                told.add(reason + " " + (retryIn.toMillis() <= 50));
            }
        };
        ScriptedServer.Script refuses = ScriptedServer.http("429 Too Many Requests", "slow down\n");
        ScriptedServer.Script slow = peer -> {
            peer.upgrade().close(1008, "consumer too slow");
            peer.drain();
        };
        ScriptedServer.Script good = peer -> {
            peer.upgrade().text(create(1));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(refuses, slow, good);
                Jetstream jetstream =
                        Jetstream.create(fast(server).listener(listener).build())) {
            Collector.of(jetstream.lines()).take(1);
            assertThat(List.of(poll(told), poll(told), poll(told), poll(told)))
                    .containsExactly(
                            "HTTP 429: slow down true",
                            "connected false",
                            "closed by the server with 1008 consumer too slow true",
                            "connected true");
        }
    }

    private static String poll(BlockingQueue<String> told) throws InterruptedException {
        return told.poll(Patience.SECONDS, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @CsvSource({"1007, not JSON", "1008, invalid subscriber options: too many wanted DIDs", "1009, message too large"})
    void aCloseThatBlamesOurOptionsEndsTheStream(int code, String reason) {
        ScriptedServer.Script script = peer -> {
            peer.upgrade().close(code, reason);
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(fast(server).build())) {
            Throwable failure = Collector.of(jetstream.lines()).failure();
            assertThat(failure).isInstanceOf(JetstreamException.class).hasMessage(reason);
            assertThat(((JetstreamException) failure).reason()).isEqualTo(JetstreamException.Reason.INVALID_OPTIONS);
        }
    }

    @Test
    void http400EndsTheStreamWithTheServersText() {
        String text = "invalid subscriber options: invalid collection: x!";
        try (ScriptedServer server = new ScriptedServer(ScriptedServer.http("400 Bad Request", text + "\n"));
                Jetstream jetstream =
                        Jetstream.create(fast(server).wantedCollections("x!").build())) {
            Throwable failure = Collector.of(jetstream.lines()).failure();
            assertThat(failure).isInstanceOf(JetstreamException.class).hasMessage(text);
            assertThat(((JetstreamException) failure).reason()).isEqualTo(JetstreamException.Reason.REJECTED);
        }
    }

    @Test
    void withoutReconnectTheFirstLossEndsTheStreamBehindItsEvents() {
        try (ScriptedServer server = new ScriptedServer(
                        peer -> peer.upgrade().text(create(1)).sync());
                Jetstream jetstream =
                        Jetstream.create(fast(server).reconnect(false).build())) {
            Collector<EventLine> lines = Collector.of(jetstream.lines());
            lines.take(1);
            assertThat(((JetstreamException) lines.failure()).reason())
                    .isEqualTo(JetstreamException.Reason.DISCONNECTED);
        }
    }

    @Test
    void aSilentConnectionIsPingedAndGivenUpWhereNoAnswerComes() {
        CountDownLatch pinged = new CountDownLatch(1);
        ScriptedServer.Script silent = peer -> {
            peer.upgrade().text(create(1));
            while (peer.read().opcode() != FrameHeader.PING) {
                // Reads on, and never answers.
            }
            pinged.countDown();
            peer.drain();
        };
        ScriptedServer.Script good = peer -> {
            peer.upgrade().text(create(2));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(silent, good);
                Jetstream jetstream = Jetstream.create(
                        fast(server).livenessTimeout(Duration.ofMillis(300)).build())) {
            assertThat(Collector.of(jetstream.lines()).take(2))
                    .extracting(EventLine::timeUs)
                    .containsExactly(1L, 2L);
            assertThat(pinged.getCount()).isZero();
        }
    }

    @Test
    void pingsAreAnsweredWithTheirPayload() {
        ScriptedServer.Script script = peer -> {
            peer.upgrade().ping("hello");
            ScriptedServer.Frame pong = peer.read();
            peer.text(create(pong.text().equals("hello") ? 1 : 2));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(fast(server).build())) {
            assertThat(Collector.of(jetstream.lines()).take(1))
                    .extracting(EventLine::timeUs)
                    .containsExactly(1L);
        }
    }
}
