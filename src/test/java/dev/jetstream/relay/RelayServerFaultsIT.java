package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.websocket.FrameHeader;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

/** What a test can make the relay do to its clients. */
class RelayServerFaultsIT extends RelayServerFixture {
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
            assertThat(client.head).startsWith("HTTP/1.1 503 ");
        }
        relay.refuseUpgrades(0);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=0")) {
            read(client, 1, 1);
        }
    }

    @Test
    void itCanEndConnectionsAtOnceForAWhile() throws IOException {
        start(FAST.withLimit(50));
        relay.endAtOnce(true);
        try (RelayClient client = RelayClient.connect(relay, "")) {
            assertThat(client.status).isEqualTo(101);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
        relay.endAtOnce(false);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=0")) {
            read(client, 1, 50);
        }
    }

    @Test
    void itCanLetClientsInBeforeTheirCursors() throws IOException {
        start(FAST.withLimit(50));
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 50);
        }
        relay.replayBeforeCursors(10);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=40")) {
            read(client, 31, 50);
        }
        relay.replayBeforeCursors(0);
        try (RelayClient client = RelayClient.connect(relay, "?cursor=40")) {
            read(client, 41, 50);
        }
    }

    @Test
    void bytesThatTrickleAreTheSameBytes() throws IOException {
        start(FAST.withLimit(50));
        relay.trickle(true);
        try (RelayClient client = RelayClient.connect(relay, "")) {
            read(client, 1, 50);
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
}
