package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayServerIT {
    private static final SyntheticOptions FAST = SyntheticOptions.defaults().withRate(0);

    private RelayServer relay;

    @AfterEach
    void stop() {
        if (relay != null) {
            relay.close();
        }
    }

    private SyntheticSource start(SyntheticOptions options) throws IOException {
        SyntheticSource source = SyntheticSource.create(options);
        relay = RelayServer.start(source, RelayOptions.anyPort());
        return source;
    }

    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void theFirstClientGetsEveryFrameAndTheLimitHolds() throws IOException {
        SyntheticSource source = start(FAST.withLimit(300));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.head).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            for (long seq = 1; seq <= 300; seq++) {
                assertThat(client.read().seq()).isEqualTo(seq);
            }
            assertThat(source.newestSeq()).isEqualTo(300);
            source.setLimit(301);
            assertThat(client.read().seq()).isEqualTo(301);
        }
        assertThat(relay.cursors()).containsExactly(OptionalLong.empty());
    }

    @Test
    void withoutACursorAClientGetsOnlyWhatComes() throws IOException {
        SyntheticSource source = start(FAST.withLimit(50));
        try (RelayClient first = RelayClient.connect(relay, "")) {
            read(first, 1, 50);
            try (RelayClient second = RelayClient.connect(relay, "?x=y")) {
                await(() -> relay.connections() == 2);
                source.setLimit(52);
                read(second, 51, 52);
                read(first, 51, 52);
            }
        }
    }

    @Test
    void aCursorResumesBehindItWithoutAGap() throws IOException {
        start(FAST.withLimit(3_000));
        long next = 1;
        for (int cut = 500; cut <= 3_000; cut += 500) {
            try (RelayClient client = RelayClient.connect(relay, "?cursor=" + (next - 1))) {
                read(client, next, cut);
                next = cut + 1;
            }
        }
        assertThat(relay.cursors()).hasSize(6).endsWith(OptionalLong.of(2_500));
    }

    @Test
    void severalClientsGetTheSameBytes() throws IOException {
        start(FAST.withLimit(400));
        try (RelayClient a = RelayClient.connect(relay, "");
                RelayClient b = RelayClient.connect(relay, "?cursor=0")) {
            for (int i = 0; i < 400; i++) {
                assertThat(a.read().payload()).isEqualTo(b.read().payload());
            }
        }
    }

    @Test
    void aCursorInTheFutureIsAnErrorFrameAndAClose() throws IOException {
        start(FAST.withLimit(10));
        try (RelayClient client = RelayClient.connect(relay, "?cursor=11")) {
            TestFrames.Parsed error = client.read().parsed();
            assertThat(error.header().get("op").asInt()).isEqualTo(-1);
            assertThat(error.header().size()).isEqualTo(1);
            assertThat(error.body().get("error").asText()).isEqualTo("FutureCursor");
            assertThat(error.body().get("message").asText()).isNotEmpty();
            assertThat(client.read().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aCursorOlderThanTheBacklogIsToldSoAndGetsTheOldest() throws IOException {
        start(FAST.withLimit(1_000).withBacklog(100, 1 << 20));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1_000);
        }
        try (RelayClient client = RelayClient.connect(relay, "?cursor=500")) {
            TestFrames.Parsed info = client.read().parsed();
            assertThat(info.type()).isEqualTo("#info");
            assertThat(info.body().get("name").asText()).isEqualTo("OutdatedCursor");
            read(client, 901, 1_000);
        }
        try (RelayClient client = RelayClient.connect(relay, "?cursor=900")) {
            read(client, 901, 1_000);
        }
    }

    @Test
    void aSlowClientIsToldSoAndOthersAreNot() throws IOException {
        start(FAST.withBacklog(500, 1 << 20).withLimit(10_000));
        try (RelayClient slow = RelayClient.connect(relay, "")) {
            await(() -> relay.connections() == 1);
            try (RelayClient quick = RelayClient.connect(relay, "?cursor=0")) {
                for (int i = 1; i < 10_000; i++) {
                    quick.read();
                }
                read(quick, 10_000, 10_000);
            }
            long seq = 1;
            TestFrames.Parsed next = slow.read().parsed();
            while (next.body().has("seq")) {
                assertThat(next.body().get("seq").asLong()).isEqualTo(seq++);
                next = slow.read().parsed();
            }
            assertThat(seq).isLessThan(10_000);
            assertThat(next.header().get("op").asInt()).isEqualTo(-1);
            assertThat(next.body().get("error").asText()).isEqualTo("ConsumerTooSlow");
            assertThat(slow.read().closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void aClientThatTakesNothingIsCutOff() throws IOException {
        RelayOptions options = RelayOptions.anyPort().withSendTimeout(Duration.ofMillis(300));
        relay = RelayServer.start(SyntheticSource.create(FAST), options);
        try (RelayClient client = RelayClient.connect(relay, "")) {
            await(() -> relay.connections() == 1);
            await(() -> relay.connections() == 0);
            assertThat(client.status).isEqualTo(101);
        }
    }

    @Test
    void plainRequestsGetPlainAnswers() throws IOException {
        start(FAST);
        check("/", 200, "A relay for tests");
        check("/xrpc/_health", 200, "A relay for tests");
        check("/other", 404, RelayServer.PATH);
        check(RelayServer.PATH, 426, "websocket");
        for (String cursor : new String[] {"", "x", "-1", "1.5", "99999999999999999999"}) {
            check(RelayServer.PATH + "?cursor=" + cursor, 400, "invalid cursor");
            try (RelayClient client = RelayClient.connect(relay, "?cursor=" + cursor)) {
                assertThat(client.status).as(cursor).isEqualTo(400);
            }
        }
        check("no-path HTTP/1.1 and more", 400, "not an HTTP request");
        assertThat(relay.cursors()).isEmpty();
    }

    private void check(String target, int status, String text) throws IOException {
        try (RelayClient client = RelayClient.get(relay, target)) {
            assertThat(client.status).as(target).isEqualTo(status);
            assertThat(client.body()).contains(text);
        }
    }

    @Test
    void pingsAreAnsweredAndOtherMessagesIgnored() throws IOException {
        start(FAST.withLimit(1));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
            client.send(FrameHeader.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
            client.send(FrameHeader.PING, new byte[] {1, 2, 3});
            RelayClient.Message pong = client.read();
            assertThat(pong.opcode()).isEqualTo(FrameHeader.PONG);
            assertThat(pong.payload()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aCloseIsAnsweredWithItsCode() throws IOException {
        start(FAST.withLimit(1));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
            client.send(FrameHeader.CLOSE, new byte[] {0x0B, (byte) 0xB8, 'x'});
            assertThat(client.read().closeCode()).isEqualTo(3000);
            await(() -> relay.connections() == 0);
        }
    }

    @Test
    void clientFramesThatBreakTheRulesCloseTheSocketWithTheirCode() throws IOException {
        start(FAST.withLimit(1));
        assertThat(closeCodeAfter(new byte[] {(byte) 0x89, 0})).as("unmasked").isEqualTo(1002);
        assertThat(closeCodeAfter(new byte[] {(byte) 0x89, (byte) 0xFE, 0, 126, 1, 2, 3, 4}))
                .as("a long ping")
                .isEqualTo(1002);
        assertThat(closeCodeAfter(new byte[] {(byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}))
                .as("2^63 bytes")
                .isEqualTo(1009);
    }

    private int closeCodeAfter(byte[] bytes) throws IOException {
        try (RelayClient client = RelayClient.connect(relay, "")) {
            client.sendRaw(bytes);
            RelayClient.Message message = client.read();
            while (message.opcode() == FrameHeader.BINARY) {
                message = client.read();
            }
            return message.closeCode();
        }
    }

    @Test
    void aPauseHoldsEverythingBackAndLosesNothing() throws IOException {
        SyntheticSource source = start(FAST.withLimit(20));
        relay.pause();
        try (RelayClient client = RelayClient.connect(relay, "")) {
            await(() -> relay.connections() == 1 && source.newestSeq() == 20);
            client.send(FrameHeader.PING, new byte[] {7});
            assertThat(client.read().opcode()).isEqualTo(FrameHeader.PONG);
            relay.resume();
            read(client, 1, 20);
        }
    }

    @Test
    void aSilentRelayAnswersNotEvenPings() throws IOException {
        start(FAST.withLimit(1));
        relay.goSilent();
        try (RelayClient client = RelayClient.connect(relay, "")) {
            await(() -> relay.connections() == 1);
            client.send(FrameHeader.PING, new byte[] {7});
            client.socket.setSoTimeout(200);
            assertThatThrownBy(client::read).isInstanceOf(SocketTimeoutException.class);
            client.socket.setSoTimeout(20_000);
            relay.resume();
            client.send(FrameHeader.PING, new byte[] {8});
            RelayClient.Message message = client.read();
            while (message.opcode() != FrameHeader.BINARY) {
                message = client.read();
            }
            assertThat(message.seq()).isEqualTo(1);
        }
    }

    @Test
    void upgradesCanBeRefusedForAWhile() throws IOException {
        start(FAST.withLimit(1));
        relay.refuseUpgrades(503);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=0")) {
            assertThat(client.head).startsWith("HTTP/1.1 503 Service Unavailable\r\n");
        }
        relay.refuseUpgrades(0);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=0")) {
            read(client, 1, 1);
        }
    }

    @Test
    void droppedConnectionsEndWithoutAClose() throws IOException {
        start(FAST.withLimit(5));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 5);
            relay.dropConnections();
            assertThatThrownBy(client::read).isInstanceOf(IOException.class);
        }
        await(() -> relay.connections() == 0);
    }

    @Test
    void aConnectionCanEndWithinAMessage() throws IOException {
        start(FAST.withLimit(5));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 5);
            relay.dropMidFrame();
            assertThatThrownBy(client::read).hasMessage("500 of 1000 bytes");
        }
    }

    @Test
    void framesCanBePutInBetween() throws IOException {
        SyntheticSource source = start(FAST.withLimit(2));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 2);
            relay.inject(new byte[] {(byte) 0xFF, 1});
            relay.injectBytes(new byte[] {0x02, 1, 5, (byte) 0x80, 1, 6});
            assertThat(client.read().payload()).containsExactly(0xFF, 1);
            assertThat(client.read()).satisfies(m -> assertThat(m.payload()).containsExactly(5));
            assertThat(client.read().opcode()).isEqualTo(FrameHeader.CONTINUATION);
            source.setLimit(3);
            read(client, 3, 3);
        }
    }

    @Test
    void stoppingClosesWith1001AndFreesThePort() throws IOException {
        start(FAST.withLimit(1));
        int port = relay.port();
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
            Thread stopping = new Thread(relay::close);
            stopping.start();
            RelayClient.Message close = client.read();
            assertThat(close.closeCode()).isEqualTo(1001);
            client.send(FrameHeader.CLOSE, close.payload());
            await(() -> !stopping.isAlive());
        }
        new ServerSocket(port).close();
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        start(FAST);
        RelayOptions same = RelayOptions.at("127.0.0.1", relay.port());
        assertThatThrownBy(() -> RelayServer.start(SyntheticSource.create(FAST), same))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1:" + relay.port());
    }

    @Test
    void connectionsAreBounded() throws IOException {
        relay = RelayServer.start(
                SyntheticSource.create(FAST.withLimit(1)),
                RelayOptions.anyPort().withMaxConnections(1));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
            assertThatThrownBy(() -> RelayClient.connect(relay, "")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void atARateFramesComeWithoutAnyoneAskingForThem() throws IOException {
        SyntheticSource source =
                start(SyntheticOptions.defaults().withRate(2_000).withLimit(300));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 1);
        }
        await(() -> source.newestSeq() == 300);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=1")) {
            read(client, 2, 300);
        }
    }

    @Test
    void aListenerThatFailsEndsTheStreamWithAnError() throws IOException {
        SyntheticSource source = SyntheticSource.create(FAST, sent -> {
            if (sent.seq() == 4) {
                throw new IllegalStateException("the test's own fault");
            }
        });
        relay = RelayServer.start(source, RelayOptions.anyPort());
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 3);
            assertThat(client.read().closeCode()).isEqualTo(1011);
        }
    }

    @Test
    void itSpeaksTlsToo() throws Exception {
        TlsFixture tls = TlsFixture.create();
        SyntheticSource source = SyntheticSource.create(FAST.withLimit(500));
        relay = RelayServer.start(source, RelayOptions.anyPort().withSockets(tls.serverSockets()));
        assertThat(relay.uri()).hasScheme("wss");
        try (RelayClient client = RelayClient.connect(relay.uri(), "", tls.clientSockets())) {
            read(client, 1, 500);
            relay.closeConnections(1012, "restart");
            assertThat(client.read().closeCode()).isEqualTo(1012);
        }
    }

    private static void read(RelayClient client, long from, long to) throws IOException {
        for (long seq = from; seq <= to; seq++) {
            assertThat(client.read().seq()).isEqualTo(seq);
        }
    }
}
