package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The relay as a server of HTTP and websockets: what it answers, refuses and ends. */
class RelayServerConnectionsIT extends RelayServerFixture {
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
        assertThat(closeCodeAfter(new byte[] {(byte) 0x82, (byte) 0xFF, 0x40, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}))
                .as("2^62 bytes")
                .isEqualTo(1009);
        assertThat(closeCodeAfter(new byte[] {(byte) 0x82, (byte) 0xFF, (byte) 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4}))
                .as("2^63 bytes, which the RFC forbids")
                .isEqualTo(1002);
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
}
