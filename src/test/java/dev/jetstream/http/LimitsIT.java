package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.Patience;
import dev.jetstream.config.Cidr;
import dev.jetstream.net.Refusal;
import java.io.File;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How many, how often, and what is left behind. */
class LimitsIT {
    private static final int STALLED = 250;
    private static final String FORWARDED = "X-Forwarded-For: ";

    @Test
    void one_connection_more_than_allowed_is_503_and_there_is_room_again_after_one_ends() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxConnections = 2;
        try (RunningEndpoint rule = new RunningEndpoint(settings);
                WireClient first = rule.connect();
                WireClient second = rule.connect();
                WireClient third = rule.connect()) {
            assertThat(first.get("/healthz").status()).isEqualTo(200);
            assertThat(second.get("/healthz").status()).isEqualTo(200);
            WireClient.HttpAnswer answer = third.answer();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("too many connections; try again later\n");
            assertThat(third.isEnded()).isTrue();
            assertThat(rule.metrics.connections()).isEqualTo(2);
            second.socket.close();
            Waits.until(() -> rule.endpoint.connections() == 1);
            try (WireClient fourth = rule.connect()) {
                assertThat(fourth.get("/healthz").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void one_connection_more_than_an_address_may_have_is_429() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxConnectionsPerAddress = 2;
        try (RunningEndpoint rule = new RunningEndpoint(settings);
                WireClient first = rule.connect().subscribe("/subscribe");
                WireClient second = rule.connect();
                WireClient third = rule.connect()) {
            WireClient.HttpAnswer answer = third.answer();
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.body()).isEqualTo("too many connections from your address; close some first\n");
            assertThat(rule.endpoint.connections()).isEqualTo(2);
            first.socket.close();
            Waits.until(() -> rule.endpoint.connections() == 1);
            assertThat(second.get("/healthz").status()).isEqualTo(200);
            try (WireClient fourth = rule.connect().subscribe("/subscribe")) {
                assertThat(fourth.socket.isConnected()).isTrue();
            }
        }
    }

    @Test
    void behind_a_trusted_proxy_the_forwarded_address_counts_and_is_the_clients() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxConnectionsPerAddress = 1;
        settings.trustedProxies = List.of(Cidr.parse("127.0.0.1"));
        try (RunningEndpoint rule = new RunningEndpoint(settings);
                WireClient first = rule.connect();
                WireClient second = rule.connect();
                WireClient third = rule.connect()) {
            first.send(WireClient.request("GET", "/subscribe", FORWARDED + "192.0.2.1\r\n", WireClient.HANDSHAKE));
            assertThat(first.readHead().status()).isEqualTo(101);
            assertThat(rule.subscribers.next().socket.clientAddress()).isEqualTo("192.0.2.1");
            String again = WireClient.request("GET", "/subscribe", FORWARDED + "192.0.2.1\r\n", WireClient.HANDSHAKE);
            assertThat(second.send(again).answer().status()).isEqualTo(429);
            third.send(again.replace("192.0.2.1", "192.0.2.2"));
            assertThat(third.readHead().status()).isEqualTo(101);
            first.socket.close();
            Waits.until(() -> rule.endpoint.connections() == 2);
            assertThat(second.send(again).readHead().status()).isEqualTo(101);
        }
    }

    @Test
    void more_new_streams_a_second_than_allowed_are_503() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxUpgradesPerSecond = 1;
        try (RunningEndpoint rule = new RunningEndpoint(settings)) {
            WireClient.HttpAnswer refused = null;
            for (int i = 0; i < 100 && refused == null; i++) {
                try (WireClient client = rule.connect()) {
                    client.send(WireClient.request("GET", "/subscribe", WireClient.HANDSHAKE));
                    WireClient.HttpAnswer answer = client.answer();
                    refused = answer.status() == 101 ? null : answer;
                }
            }
            assertThat(refused).isNotNull();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(rule.metrics.refusals(Refusal.UPGRADE_RATE)).isPositive();
        }
    }

    @Test
    void a_thousand_connects_and_disconnects_leave_no_descriptor_no_stream_and_no_connection() throws Exception {
        File descriptors = new File("/proc/self/fd");
        Assumptions.assumeTrue(descriptors.isDirectory(), "descriptors are counted in /proc");
        try (RunningEndpoint rule = new RunningEndpoint(new TestSettings())) {
            // What is made once, lazily, is made before the count.
            round(rule, 0);
            Waits.until(() -> rule.endpoint.connections() == 0 && streams(rule) == 0);
            int before = descriptors.list().length;
            for (int i = 0; i < 1_000; i++) {
                round(rule, i);
            }
            Waits.until(() -> rule.endpoint.connections() == 0 && streams(rule) == 0);
            assertThat(descriptors.list().length).isLessThan(before + 50);
            assertThat(rule.metrics.connections()).isZero();
        }
    }

    /** One client of each kind in turn; every stream is told its end, once. */
    private static void round(RunningEndpoint rule, int i) throws IOException, InterruptedException {
        WireClient client = rule.connect();
        switch (i % 5) {
            case 0 -> {
                client.subscribe("/subscribe");
                client.socket.close();
                FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
                assertThat(subscriber.event()).isEqualTo("gone");
                assertThat(subscriber.isQuiet()).isTrue();
            }
            case 1 -> assertThat(client.get("/healthz").status()).isEqualTo(200);
            case 2 -> client.send("GET /unfinished");
            case 3 -> client.get("/nothing", "Connection: close\r\n");
            default -> client.send(WireClient.request("GET", "/healthz"));
        }
        client.socket.close();
    }

    /** Actors that run streams. */
    private static int streams(RunningEndpoint rule) {
        var system = (ExtendedActorSystem) Adapter.toClassic(rule.system);
        String tree = system.printTree();
        return tree.split("flow-", -1).length - 1;
    }

    @Test
    void a_stop_refuses_new_clients_ends_idle_ones_and_waits_for_streams() throws Exception {
        TestSettings settings = new TestSettings();
        settings.shutdownTimeout = Duration.ofSeconds(20);
        try (RunningEndpoint rule = new RunningEndpoint(settings);
                WireClient idle = rule.connect();
                WireClient stream = rule.connect().subscribe("/subscribe")) {
            assertThat(idle.get("/healthz").status()).isEqualTo(200);
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            CompletableFuture<Void> stopped = rule.endpoint.stop().toCompletableFuture();
            assertThat(idle.isEnded()).isTrue();
            assertThatThrownBy(rule::connect).isInstanceOf(ConnectException.class);
            assertThat(stopped).isNotDone();
            subscriber.socket.finish();
            stream.socket.close();
            stopped.get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }

    @Test
    void a_stop_drops_streams_that_do_not_end_in_time() throws Exception {
        TestSettings settings = new TestSettings();
        settings.shutdownTimeout = Duration.ofMillis(100);
        try (RunningEndpoint rule = new RunningEndpoint(settings);
                WireClient stream = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            rule.endpoint.stop().toCompletableFuture().get(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(subscriber.event()).isEqualTo("gone");
            assertThatThrownBy(stream::isEnded).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_port_that_is_taken_is_an_error_at_once() throws Exception {
        try (RunningEndpoint rule = new RunningEndpoint(new TestSettings())) {
            TestSettings same = new TestSettings();
            same.port = rule.endpoint.address().getPort();
            assertThatThrownBy(() -> new RunningEndpoint(same)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void clients_that_never_read_cost_a_few_kilobytes_each() throws Exception {
        List<WireClient> clients = new ArrayList<>();
        try (RunningEndpoint rule = new RunningEndpoint(new TestSettings())) {
            ByteBuffer block = ByteBuffer.allocateDirect(64 << 10);
            long before = usedBytes();
            for (int i = 0; i < STALLED; i++) {
                clients.add(new WireClient(rule.endpoint.address(), 4_096).subscribe("/subscribe"));
                FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
                while (block.clear().remaining() == subscriber.socket.write(block)) {
                    // Until the kernel takes no more.
                }
                subscriber.socket.awaitWritable();
            }
            Waits.until(() -> streams(rule) == 0);
            assertThat(usedBytes() - before).isLessThan(STALLED * (32L << 10));
        } finally {
            for (WireClient client : clients) {
                client.socket.close();
            }
        }
    }

    /** Heap and direct buffers in use after a collection. */
    private static long usedBytes() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return direct
                + Runtime.getRuntime().totalMemory()
                - Runtime.getRuntime().freeMemory();
    }
}
