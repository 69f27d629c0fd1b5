package dev.jetstream.http;

import static dev.jetstream.http.WireClient.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SocketIT {
    private static RunningEndpoint rule;

    @BeforeAll
    static void start() throws Exception {
        TestSettings settings = new TestSettings();
        settings.maxMessageBytes = 10_000_000;
        rule = new RunningEndpoint(settings);
    }

    @AfterAll
    static void stop() {
        rule.close();
    }

    private static void write(FakeSubscribers.Subscriber subscriber, byte[] bytes) throws Exception {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            subscriber.socket.write(buffer);
            if (buffer.hasRemaining()) {
                subscriber.socket.awaitWritable();
                assertThat(subscriber.event()).isEqualTo("writable");
            }
        }
    }

    @Test
    void what_the_subscriber_writes_arrives_and_what_the_client_sends_is_told() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            assertThat(subscriber.socket.clientAddress()).isEqualTo("127.0.0.1");
            byte[] hello = FrameHeader.frame(FrameHeader.TEXT, "hello".getBytes(StandardCharsets.UTF_8));
            write(subscriber, hello);
            assertThat(client.read(hello.length)).isEqualTo(hello);
            client.send(
                    frame(FrameHeader.PING, "p1"), frame(FrameHeader.PONG, "unasked"), frame(FrameHeader.PING, "p2"));
            assertThat(subscriber.event()).isEqualTo("ping p1");
            assertThat(subscriber.event()).isEqualTo("ping p2");
            client.send(frame(FrameHeader.TEXT, "hello"));
            assertThat(subscriber.event()).isEqualTo("text hello");
            subscriber.socket.resumeReading();
            client.send(frame(FrameHeader.CLOSE, new byte[] {3, (byte) 0xE8}));
            assertThat(subscriber.event()).isEqualTo("close 1000");
            write(subscriber, CloseFrame.of(1000, ""));
            subscriber.socket.finish();
            assertThat(client.read(4)).isEqualTo(CloseFrame.of(1000, ""));
            assertThat(client.isEnded()).isTrue();
            client.socket.close();
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }

    @Test
    void messages_rest_after_a_text_until_reading_is_resumed() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.send(
                    frame(FrameHeader.TEXT, "one"), frame(FrameHeader.TEXT, "two"), frame(FrameHeader.PING, "three"));
            assertThat(subscriber.event()).isEqualTo("text one");
            assertThat(subscriber.isQuiet()).isTrue();
            subscriber.socket.resumeReading();
            assertThat(subscriber.event()).isEqualTo("text two");
            subscriber.socket.resumeReading();
            assertThat(subscriber.event()).isEqualTo("ping three");
        }
    }

    @Test
    void a_fault_is_told_with_its_code_and_the_close_frame_still_reaches_a_client_that_goes_on_sending()
            throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.send(frame(0x81, "x".getBytes(StandardCharsets.UTF_8), false));
            assertThat(subscriber.event()).isEqualTo("fault 1002 frame is not masked");
            client.send(new byte[1 << 20]);
            byte[] close = CloseFrame.of(1002, "frame is not masked");
            write(subscriber, close);
            subscriber.socket.finish();
            client.send(new byte[1 << 20]);
            assertThat(client.read(close.length)).isEqualTo(close);
            client.socket.shutdownOutput();
            assertThat(client.isEnded()).isTrue();
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }

    @Test
    void finish_reads_and_discards_until_the_clients_own_close_frame() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            byte[] close = CloseFrame.of(1001, "bye");
            write(subscriber, close);
            subscriber.socket.finish();
            client.send(frame(FrameHeader.TEXT, "late"), frame(FrameHeader.PING, "late"));
            assertThat(client.read(close.length)).isEqualTo(close);
            client.send(frame(FrameHeader.CLOSE, new byte[] {3, (byte) 0xE9}));
            assertThat(client.isEnded()).isTrue();
            client.socket.close();
            assertThat(subscriber.event()).isEqualTo("gone");
            assertThat(subscriber.isQuiet()).isTrue();
        }
    }

    @Test
    void finish_ends_a_client_that_never_closes_after_the_close_timeout() throws Exception {
        TestSettings settings = new TestSettings();
        settings.closeTimeout = Duration.ofMillis(200);
        try (RunningEndpoint quick = new RunningEndpoint(settings);
                WireClient client = quick.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = quick.subscribers.next();
            subscriber.socket.finish();
            assertThat(subscriber.event()).isEqualTo("gone");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void abort_resets_the_connection() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            subscriber.socket.abort();
            assertThat(subscriber.event()).isEqualTo("gone");
            assertThatThrownBy(client::isEnded).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> subscriber.socket.write(ByteBuffer.wrap(new byte[1])))
                    .isInstanceOf(IOException.class);
            subscriber.socket.awaitWritable();
            subscriber.socket.resumeReading();
            subscriber.socket.finish();
            subscriber.socket.abort();
            client.socket.close();
            assertThat(subscriber.isQuiet()).isTrue();
        }
    }

    @Test
    void a_full_socket_takes_a_part_and_tells_once_when_it_takes_more() throws Exception {
        try (WireClient client = new WireClient(rule.endpoint.address(), 4_096).subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            byte[] block = new byte[64 << 10];
            Arrays.fill(block, (byte) 'x');
            int written = 0;
            ByteBuffer buffer = ByteBuffer.wrap(block);
            do {
                buffer.clear();
                written += subscriber.socket.write(buffer);
            } while (!buffer.hasRemaining());
            subscriber.socket.awaitWritable();
            // Reading goes on meanwhile.
            client.send(frame(FrameHeader.PING, "stuck"));
            assertThat(subscriber.event()).isEqualTo("ping stuck");
            byte[] got = client.read(written);
            assertThat(got).containsOnly('x');
            assertThat(subscriber.event()).isEqualTo("writable");
            assertThat(subscriber.socket.write(ByteBuffer.wrap(new byte[] {'y'})))
                    .isEqualTo(1);
            assertThat(client.read(1)).containsExactly('y');
            assertThat(subscriber.isQuiet()).isTrue();
        }
    }

    @Test
    void a_client_that_closes_and_stops_sending_still_gets_the_close_frame() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.send(frame(FrameHeader.CLOSE, new byte[0]));
            client.socket.shutdownOutput();
            assertThat(subscriber.event()).isEqualTo("close 1005");
            write(subscriber, CloseFrame.of(1000, ""));
            subscriber.socket.finish();
            assertThat(client.read(4)).isEqualTo(CloseFrame.of(1000, ""));
            assertThat(client.isEnded()).isTrue();
            assertThat(subscriber.event()).isEqualTo("gone");
        }
    }

    @Test
    void a_client_that_is_reset_or_ends_in_any_phase_is_gone_once() throws Exception {
        byte[] frame = frame(FrameHeader.TEXT, "half a message");
        byte[][] pieces = {{}, Arrays.copyOf(frame, 1), Arrays.copyOf(frame, 9), frame(FrameHeader.TEXT, "whole")};
        for (byte[] piece : pieces) {
            for (int linger : new int[] {-1, 0}) {
                WireClient client = rule.connect().subscribe("/subscribe");
                FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
                client.send(piece);
                if (linger == 0) {
                    client.socket.setSoLinger(true, 0);
                }
                client.socket.close();
                String event = subscriber.event();
                if (event.equals("text whole")) {
                    subscriber.socket.resumeReading();
                    event = subscriber.event();
                }
                assertThat(event).isEqualTo("gone");
                subscriber.socket.abort();
                assertThat(subscriber.isQuiet()).isTrue();
            }
        }
    }

    @Test
    void a_client_that_stops_sending_with_its_handshake_is_upgraded_and_gone_once() throws Exception {
        try (WireClient client = rule.connect()) {
            client.send(WireClient.request("GET", "/subscribe", WireClient.HANDSHAKE));
            client.socket.shutdownOutput();
            assertThat(client.readHead().status()).isEqualTo(101);
            assertThat(client.isEnded()).isTrue();
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            assertThat(subscriber.event()).isEqualTo("gone");
            subscriber.socket.abort();
            assertThat(subscriber.isQuiet()).isTrue();
        }
    }

    @Test
    void a_flood_of_pings_from_one_client_keeps_no_other_waiting() throws Exception {
        byte[] flood = new byte[60_000];
        byte[] ping = frame(FrameHeader.PING, new byte[0]);
        for (int at = 0; at < flood.length; at += ping.length) {
            System.arraycopy(ping, 0, flood, at, ping.length);
        }
        AtomicBoolean stop = new AtomicBoolean();
        try (WireClient loud = rule.connect().subscribe("/subscribe")) {
            rule.subscribers.next().ignoresPings = true;
            Thread flooding = new Thread(() -> {
                try {
                    while (!stop.get()) {
                        loud.send(flood);
                    }
                } catch (IOException e) {
                    // The server's end of the test.
                }
            });
            flooding.start();
            for (int i = 0; i < 20; i++) {
                try (WireClient other = rule.connect().subscribe("/subscribe")) {
                    other.send(frame(FrameHeader.TEXT, "heard"));
                    assertThat(rule.subscribers.next().event()).isEqualTo("text heard");
                }
            }
            stop.set(true);
            flooding.join();
        }
    }

    @Test
    void a_message_over_the_bound_is_refused_by_its_header_and_by_the_sum_of_its_fragments() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            client.send(new byte[] {
                (byte) 0x81, (byte) 0xFF, 0, 0, 0, 0, 0, (byte) 0x98, (byte) 0x96, (byte) 0x81, 1, 2, 3, 4
            });
            assertThat(subscriber.event()).isEqualTo("fault 1009 message is larger than 10000000 bytes");
        }
        for (int opcode : new int[] {FrameHeader.TEXT, FrameHeader.BINARY}) {
            try (WireClient client = rule.connect().subscribe("/subscribe")) {
                FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
                byte[] piece = new byte[2_500_000];
                Arrays.fill(piece, (byte) 'a');
                client.send(frame(opcode, piece, true));
                client.send(frame(0, piece, true), frame(0, piece, true), frame(0, piece, true));
                client.send(frame(0x80, new byte[] {'a'}, true));
                assertThat(subscriber.event()).isEqualTo("fault 1009 message is larger than 10000000 bytes");
            }
        }
    }

    @Test
    void a_message_of_exactly_the_bound_arrives() throws Exception {
        try (WireClient client = rule.connect().subscribe("/subscribe")) {
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            byte[] piece = new byte[5_000_000];
            Arrays.fill(piece, (byte) 'a');
            client.send(
                    frame(FrameHeader.TEXT, piece, true), frame(FrameHeader.PING, "between"), frame(0x80, piece, true));
            assertThat(subscriber.event()).isEqualTo("ping between");
            assertThat(subscriber.event()).hasSize("text ".length() + 10_000_000);
        }
    }
}
