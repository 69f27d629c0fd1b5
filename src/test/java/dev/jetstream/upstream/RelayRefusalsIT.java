package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.upstream.UpstreamMetrics.End;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can go wrong before a relay sends anything, over real sockets: each ends in another attempt. */
class RelayRefusalsIT extends RelayFixture {
    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 502 Bad Gateway, '', 150, 502 Bad Gateway",
        "HTTP/1.1 429 Too Many Requests, Retry-After: 7, 7000, 429 Too Many Requests",
        "HTTP/1.1 429 Slow down, retry-after: 99999999, 10000, 429 Slow down",
        "HTTP/1.1 503 x, 'Retry-After: Wed, 21 Oct 2015 07:28:00 GMT', 150, 503",
        "HTTP/1.1 503 x, 'Retry-After: Wed, 21 Oct 2415 07:28:00 GMT', 10000, 503",
        "HTTP/1.1 503 x, Retry-After: soon, 150, 503",
        "HTTP/1.1 429 x, Retry-After: -5, 150, 429 x",
        "HTTP/1.1 429 x, Retry-After: 99999999999999999999, 10000, 429 x",
        "HTTP/1.1 429 x, 'Retry-After: 9, 9', 150, 429 x",
        "HTTP/1.1 429 x, Retry-After:, 150, 429 x",
        "HTTP/1.0 301 Moved, Location: wss://elsewhere/, 150, location=wss://elsewhere/",
        "HTTP/1.1 200 OK, '', 150, no websocket here",
    })
    void a_refused_upgrade_is_tried_again_no_sooner_than_asked(
            String status, String header, long waitMillis, String words) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        answering(
                                status + "\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "\r\nno websocket here"),
                        GOOD);
                RelayProbe probe = recovers(relay, End.REFUSED)) {
            assertThat(probe.session.state().lastError()).contains(words);
            assertThat(probe.waits).containsExactly(Duration.ofMillis(waitMillis));
            assertThat(relay.peers.get(1).requestLine()).contains("cursor=5 ");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n",
                "HTTP/1.1 1O1 x\r\n\r\n",
                "HTTP/1.1 101 x\r\n\r\n",
                "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
                "HTTP/2 101\r\n\r\n",
            })
    void an_answer_that_is_no_upgrade_is_told_apart(String answer) throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(answering(answer), GOOD);
                RelayProbe probe = recovers(relay, End.BAD_ANSWER)) {
            assertThat(probe.session.state().lastError()).contains("upgrade");
        }
    }

    @Test
    void an_extension_that_was_not_asked_for_is_refused() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.readHead();
                            String answer = new String(ScriptedRelay.Peer.answer(peer.header("Sec-WebSocket-Key")));
                            peer.send(answer.strip() + "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n");
                        },
                        GOOD);
                RelayProbe probe = recovers(relay, End.BAD_ANSWER)) {
            assertThat(probe.session.state().lastError()).contains("extension");
        }
    }

    @Test
    void an_endless_head_is_given_up() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.readHead();
                            peer.send("HTTP/1.1 101 x\r\n");
                            while (true) {
                                peer.send("X-More: and more\r\n");
                            }
                        },
                        GOOD);
                RelayProbe probe = recovers(relay, End.BAD_ANSWER)) {
            assertThat(probe.session.state().lastError()).contains("longer than");
        }
    }

    @Test
    void an_upgrade_that_is_never_answered_times_out() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.readHead();
                            peer.send("HTTP/1.1 101 x\r\n");
                            peer.holdOpen();
                        },
                        GOOD);
                RelayProbe probe = recovers(
                        relay,
                        End.CONNECT_TIMEOUT,
                        RelayProbe.withTimeouts(
                                RelayProbe.config(relay.url()), Duration.ofMinutes(1), Duration.ofMillis(500)))) {
            assertThat(probe.session.state().lastError()).contains("500 ms");
        }
    }

    @Test
    void nobody_listening_is_unreachable() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (RelayProbe probe =
                new RelayProbe(system, RelayProbe.config(URI.create("ws://127.0.0.1:" + port + "/"))).start()) {
            probe.awaitEnd(End.UNREACHABLE);
            assertThat(probe.session.state().lastError()).contains("127.0.0.1:" + port);
        }
    }

    @Test
    void an_unknown_host_is_unreachable() throws Exception {
        try (RelayProbe probe = new RelayProbe(system, RelayProbe.config(URI.create("ws://relay.invalid/"))).start()) {
            probe.awaitEnd(End.UNREACHABLE);
            assertThat(probe.session.state().lastError()).isEqualTo("unknown host relay.invalid");
        }
    }

    @Test
    void stopping_works_while_it_connects() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.readHead();
                    asked.countDown();
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            ScriptedRelay.await(asked);
            probe.control.stop();
            assertThat(probe.batch()).isEmpty();
            probe.awaitEnd(End.STOPPED);
        }
    }

    @Test
    void stopping_works_while_it_waits_for_the_next_attempt() throws IOException, Exception {
        try (ScriptedRelay relay = new ScriptedRelay(answering("HTTP/1.1 429 x\r\n\r\n"));
                RelayProbe probe = RelayProbe.withRealWaits(system, RelayProbe.config(relay.url()))) {
            probe.start();
            probe.awaitEnd(End.REFUSED);
            probe.control.stop();
            assertThat(probe.batch()).isEmpty();
        }
    }
}
