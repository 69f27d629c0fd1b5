package dev.jetstream.client;

import static dev.jetstream.client.Lines.create;
import static dev.jetstream.client.Lines.identity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.JavaFlowSupport;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class StreamIT {
    @Test
    void deliversTypedEventsInOrderAndSkipsWhatIsNone() throws InterruptedException {
        BlockingQueue<String> skipped = new LinkedBlockingQueue<>();
        JetstreamListener listener = new JetstreamListener() {
            @Override
            public void onSkipped(URI server, String reason) {
                skipped.add(reason);
            }
        };
        ScriptedServer.Script script = peer -> {
            peer.upgrade()
                    .text(create(1), "{not json", "{\"did\":\"did:plc:a\",\"time_us\":2,\"kind\":\"commit\"}")
                    .text("{\"did\":\"did:plc:a\",\"time_us\":3,\"kind\":\"sync\",\"sync\":{}}")
                    .text("x".repeat(5_000))
                    .fragmented(create(4), 7)
                    .fragmented("y".repeat(5_000), 100)
                    .text(identity(5));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server)
                        .maxReceivedBytes(1_000)
                        .listener(listener)
                        .build())) {
            assertThat(Collector.of(jetstream.events()).take(3))
                    .extracting(JetstreamEvent::timeUs)
                    .containsExactly(1L, 4L, 5L);
            assertThat(jetstream.stats().malformed()).isEqualTo(2);
            assertThat(jetstream.stats().oversized()).isEqualTo(2);
            assertThat(jetstream.stats().unknown()).isEqualTo(1);
            assertThat(jetstream.stats().delivered()).isEqualTo(3);
            assertThat(skipped.poll(Patience.SECONDS, TimeUnit.SECONDS)).startsWith("no time_us, or not JSON: {not");
        }
    }

    @Test
    void aSlowSubscriberStopsTheServersSendAndLosesNothing() {
        int count = 40_000;
        String padding = "p".repeat(1_000);
        AtomicLong sent = new AtomicLong();
        ScriptedServer.Script script = peer -> {
            peer.upgrade();
            for (int i = 1; i <= count; i++) {
                peer.text(create(i, padding));
                sent.set(i);
            }
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(
                        ReconnectIT.fast(server).bufferEvents(100).build())) {
            Collector<EventLine> lines = Collector.of(jetstream.lines(), 10);
            assertThat(lines.take(10))
                    .extracting(EventLine::timeUs)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, 10).boxed().toList());
            awaitFull(jetstream, 10 + 100);
            // What the socket was asked for when the buffer filled may still come; the rest stays with the server.
            assertThat(jetstream.stats().received()).isLessThanOrEqualTo(10 + 100 + 64);
            assertThat(sent.get()).isLessThan(count);
            assertThat(lines.waiting()).isZero();
            lines.subscription.request(count);
            List<EventLine> rest = lines.take(count - 10);
            assertThat(rest.get(0).timeUs()).isEqualTo(11);
            assertThat(rest).extracting(EventLine::timeUs).isSorted().doesNotHaveDuplicates();
        }
    }

    private static void awaitFull(Jetstream jetstream, int events) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Patience.SECONDS);
        while (jetstream.stats().received() < events) {
            assertThat(System.nanoTime()).as("the buffer fills").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void aNewFilterIsSentAtOnceAndAgainAfterAReconnect() throws InterruptedException {
        BlockingQueue<String> updates = new LinkedBlockingQueue<>();
        ScriptedServer.Script first = peer -> {
            peer.upgrade().text(create(1));
            updates.add(peer.readText());
            peer.text(create(2)).close(1001, "");
            peer.drain();
        };
        ScriptedServer.Script second = peer -> {
            peer.upgrade().text(create(3));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(first, second);
                Jetstream jetstream = Jetstream.create(
                        ReconnectIT.fast(server).wantedDids("did:plc:a").build())) {
            Collector<EventLine> lines = Collector.of(jetstream.lines());
            lines.take(1);
            jetstream.updateFilter(StreamFilter.builder()
                    .wantedCollections("app.bsky.*")
                    .maxMessageSizeBytes(9_000)
                    .build());
            lines.take(2);
            assertThat(updates.poll(Patience.SECONDS, TimeUnit.SECONDS))
                    .isEqualTo("{\"type\":\"options_update\",\"payload\":{\"wantedCollections\":[\"app.bsky.*\"],"
                            + "\"maxMessageSizeBytes\":9000}}");
            assertThat(server.requests())
                    .containsExactly(
                            "/subscribe?wantedDids=did:plc:a",
                            "/subscribe?wantedCollections=app.bsky.*&maxMessageSizeBytes=9000&cursor=2");
        }
    }

    @Test
    void aFilterTooLongForAUrlIsSentAsTheHello() {
        List<String> dids = IntStream.range(0, 10_000)
                .mapToObj(i -> "did:plc:" + "a".repeat(24) + i)
                .toList();
        StreamFilter filter = StreamFilter.builder().wantedDids(dids).build();
        ScriptedServer.Script script = peer -> {
            peer.upgrade();
            String hello = peer.readText();
            peer.text(create(hello.equals(filter.toOptionsUpdate()) ? 1 : 2));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream =
                        Jetstream.create(ReconnectIT.fast(server).filter(filter).build())) {
            assertThat(Collector.of(jetstream.lines()).take(1))
                    .extracting(EventLine::timeUs)
                    .containsExactly(1L);
            assertThat(server.requests()).containsExactly("/subscribe?requireHello=true");
        }
    }

    @Test
    void closingCompletesTheStreamAndSaysGoodbyeToTheServer() throws InterruptedException {
        BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
        ScriptedServer.Script script = peer -> {
            peer.upgrade().text(create(1));
            ScriptedServer.Frame frame = peer.read();
            codes.add((frame.payload()[0] & 0xFF) << 8 | frame.payload()[1] & 0xFF);
        };
        try (ScriptedServer server = new ScriptedServer(script)) {
            Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build());
            Collector<EventLine> lines = Collector.of(jetstream.lines());
            lines.take(1);
            jetstream.close();
            jetstream.close();
            lines.completed();
            assertThat(codes.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void eachSubscriptionHasAConnectionThatStartsWhereTheOptionsSay() {
        ScriptedServer.Script script = peer -> {
            peer.upgrade().text(create(7), create(8));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream =
                        Jetstream.create(ReconnectIT.fast(server).cursor(7).build())) {
            assertThat(server.requests()).isEmpty();
            Collector<EventLine> first = Collector.of(jetstream.lines());
            first.take(2);
            Collector<JetstreamEvent> second = Collector.of(jetstream.events(), 1);
            assertThat(second.take(1)).extracting(JetstreamEvent::timeUs).containsExactly(7L);
            assertThat(server.requests()).containsExactly("/subscribe?cursor=7", "/subscribe?cursor=7");
            second.subscription.cancel();
            assertThat(first.hasEnded()).isFalse();
            assertThat(jetstream.stats().connections()).isEqualTo(2);
            assertThat(jetstream.stats().delivered()).isEqualTo(3);
        }
    }

    @Test
    void aNewFilterReachesEverySubscriptionAndLaterOnes() throws InterruptedException {
        BlockingQueue<String> updates = new LinkedBlockingQueue<>();
        ScriptedServer.Script script = peer -> {
            peer.upgrade().text(create(1));
            updates.add(peer.readText());
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build())) {
            Collector<EventLine> first = Collector.of(jetstream.lines());
            Collector<EventLine> second = Collector.of(jetstream.lines());
            first.take(1);
            second.take(1);
            jetstream.updateFilter(
                    StreamFilter.builder().wantedDids("did:plc:b").build());
            for (int i = 0; i < 2; i++) {
                assertThat(updates.poll(Patience.SECONDS, TimeUnit.SECONDS)).contains("did:plc:b");
            }
            Collector.of(jetstream.lines()).take(1);
            assertThat(server.requests()).contains("/subscribe?wantedDids=did:plc:b");
        }
    }

    @Test
    void badDemandEndsTheStreamAndItsConnection() throws InterruptedException {
        CountDownLatch left = new CountDownLatch(1);
        ScriptedServer.Script script = peer -> {
            try {
                peer.upgrade();
                peer.drain();
            } finally {
                left.countDown();
            }
        };
        CountDownLatch connected = new CountDownLatch(1);
        JetstreamListener listener = new JetstreamListener() {
            @Override
            public void onConnected(URI server, OptionalLong cursor) {
                connected.countDown();
            }
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(
                        ReconnectIT.fast(server).listener(listener).build())) {
            Collector<EventLine> lines = Collector.of(jetstream.lines(), 0);
            connected.await();
            lines.subscription.request(0);
            assertThat(lines.failure()).isInstanceOf(IllegalArgumentException.class);
            left.await();
        }
    }

    @Test
    void afterCloseASubscriberIsRefused() {
        Jetstream jetstream =
                Jetstream.create(JetstreamOptions.builder("ws://127.0.0.1:1").build());
        jetstream.close();
        assertThat(Collector.of(jetstream.events()).failure())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void streamsThroughPekkoAndClosesTheConnectionAfterIt() throws Exception {
        BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        ScriptedServer.Script script = peer -> {
            peer.upgrade();
            for (int i = 1; i <= 500; i++) {
                peer.text(create(i));
            }
            try {
                peer.drain();
            } finally {
                closed.add("closed");
            }
        };
        ActorSystem system = ActorSystem.create("client");
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server).build())) {
            List<Long> times = JavaFlowSupport.Source.fromPublisher(jetstream.events())
                    .take(300)
                    .map(JetstreamEvent::timeUs)
                    .runWith(Sink.seq(), system)
                    .toCompletableFuture()
                    .get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(times).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList());
            assertThat(closed.poll(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo("closed");
        } finally {
            TestKit.shutdownActorSystem(system);
        }
    }
}
