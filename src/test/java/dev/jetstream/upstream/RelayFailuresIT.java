package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.metrics.UpstreamMetrics.End;
import dev.jetstream.metrics.UpstreamMetrics.Skipped;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that a relay can do wrong, over real sockets: each ends in a reconnect, and the next frame flows. */
class RelayFailuresIT {
    private static ActorSystem system;

    private static final ScriptedRelay.Script GOOD = peer -> {
        peer.upgrade();
        peer.message(Frames.commit(1));
        peer.holdOpen();
    };

    @BeforeAll
    static void start() {
        system = ActorSystem.create("relay-failures");
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    /** Connections of this kind, then a good one. */
    private static RelayProbe recovers(ScriptedRelay relay, End reason) throws Exception {
        return recovers(relay, reason, RelayProbe.config(relay.url()));
    }

    private static RelayProbe recovers(ScriptedRelay relay, End reason, UpstreamConfig config) throws Exception {
        RelayProbe probe = new RelayProbe(system, config);
        probe.journal.set(new ResumePoint(5, probe.session.relay()));
        probe.start();
        assertThat(probe.frame()).isEqualTo(Frames.commit(1));
        probe.awaitEnd(reason);
        return probe;
    }

    private static ScriptedRelay.Script answering(String answer) {
        return peer -> {
            peer.readHead();
            peer.send(answer);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 502 Bad Gateway, '', 150, 502 Bad Gateway",
        "HTTP/1.1 429 Too Many Requests, Retry-After: 7, 7000, 429 Too Many Requests",
        "HTTP/1.1 429 Slow down, retry-after: 99999999, 10000, 429 Slow down",
        "HTTP/1.1 503 x, 'Retry-After: Wed, 21 Oct 2015 07:28:00 GMT', 150, 503",
        "HTTP/1.1 503 x, 'Retry-After: Wed, 21 Oct 2415 07:28:00 GMT', 10000, 503",
        "HTTP/1.1 503 x, Retry-After: soon, 150, 503",
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

    /** A connection that stays open and silent: half-open TCP looks the same. */
    @Test
    void silence_ends_the_connection_and_pings_do_not_count() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            while (true) {
                                peer.send(FrameHeader.frame(FrameHeader.PING, new byte[0]));
                                peer.clientFrame();
                            }
                        },
                        GOOD);
                RelayProbe probe = recovers(relay, End.LIVENESS, shortLiveness(relay))) {
            assertThat(probe.session.state().lastError()).contains("no frame for 500 ms");
        }
    }

    @Test
    void a_frame_that_trickles_forever_does_not_count() throws Exception {
        byte[] frame = FrameHeader.frame(FrameHeader.BINARY, new byte[50_000]);
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.socket.setSoTimeout(5);
                            for (byte b : frame) {
                                peer.send(new byte[] {b});
                                try {
                                    if (peer.in.read() < 0) {
                                        return;
                                    }
                                } catch (java.net.SocketTimeoutException e) {
                                    // the pace of the trickle
                                }
                            }
                        },
                        GOOD);
                RelayProbe probe = recovers(relay, End.LIVENESS, shortLiveness(relay))) {
            assertThat(probe.session.state().lastError()).contains("no frame for 500 ms");
        }
    }

    private static UpstreamConfig shortLiveness(ScriptedRelay relay) {
        return RelayProbe.withTimeouts(RelayProbe.config(relay.url()), Duration.ofMillis(500), Duration.ofMinutes(1));
    }

    @Test
    void a_breach_of_rfc_6455_ends_the_connection() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.send(new byte[] {(byte) 0x82, (byte) 0x81, 1, 2, 3, 4, 5});
                            peer.holdOpen();
                        },
                        GOOD);
                RelayProbe probe = recovers(relay, End.PROTOCOL)) {
            assertThat(probe.session.state().lastError()).contains("masked");
        }
    }

    @Test
    void an_error_frame_ends_the_connection_after_the_frames_before_it() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.send(concat(
                                    FrameHeader.frame(FrameHeader.BINARY, Frames.commit(1)),
                                    FrameHeader.frame(FrameHeader.BINARY, Frames.error("ConsumerTooSlow", "too\nslow")),
                                    FrameHeader.frame(FrameHeader.BINARY, Frames.commit(2))));
                            peer.holdOpen();
                        },
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(3));
                            peer.holdOpen();
                        });
                RelayProbe probe = recovers(relay, End.ERROR_FRAME)) {
            assertThat(probe.frame()).isEqualTo(Frames.commit(3));
            assertThat(probe.session.state().lastError()).contains("error=ConsumerTooSlow message=too slow");
            assertThat(relay.peers.get(1).requestLine()).contains("cursor=5 ");
        }
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void future_cursor_drops_the_cursor_until_a_frame_came_and_lets_the_guard_start_anew() throws Exception {
        ScriptedRelay.Script error = peer -> {
            peer.upgrade();
            peer.message(Frames.error("FutureCursor", "Cursor in the future."));
            peer.holdOpen();
        };
        CountDownLatch drop = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(
                        error,
                        answering("HTTP/1.1 502 x\r\n\r\n"),
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(1));
                            ScriptedRelay.await(drop);
                        },
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(2));
                            peer.holdOpen();
                        });
                RelayProbe probe = recovers(relay, End.FUTURE_CURSOR)) {
            assertThat(probe.lastConnection.guardStartsAnew()).isTrue();
            assertThat(relay.peers.get(0).requestLine()).contains("cursor=5 ");
            assertThat(relay.peers.get(1).requestLine()).doesNotContain("cursor");
            assertThat(relay.peers.get(2).requestLine()).doesNotContain("cursor");
            probe.journal.set(new ResumePoint(1, probe.session.relay()));
            drop.countDown();
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            assertThat(probe.lastConnection.guardStartsAnew()).isFalse();
            assertThat(relay.peers.get(3).requestLine()).contains("cursor=1 ");
        }
    }

    @Test
    void outdated_cursor_is_counted_and_handed_on() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    peer.message(Frames.info("OutdatedCursor"));
                    peer.message(Frames.commit(1));
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            long before = probe.metrics.outdatedCursors.value();
            probe.start();
            assertThat(probe.frame()).isEqualTo(Frames.info("OutdatedCursor"));
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.metrics.outdatedCursors.value() - before).isEqualTo(1);
            assertThat(relay.accepted).hasValue(1);
        }
    }

    @Test
    void an_oversize_message_is_skipped_and_the_next_one_flows() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    peer.message(new byte[(1 << 20) + 1]);
                    peer.message(Frames.commit(1));
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            long before = probe.metrics.skipped(Skipped.OVERSIZE).value();
            probe.start();
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.metrics.skipped(Skipped.OVERSIZE).value() - before).isEqualTo(1);
        }
    }

    @Test
    void garbage_frames_are_handed_on_for_the_decoder_to_count() throws Exception {
        byte[] garbage = {(byte) 0xBB, 0x7F, -1, -1, -1, -1, -1, -1, -1};
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    peer.message(garbage);
                    peer.message(new byte[0]);
                    peer.message(Frames.commit(1));
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            assertThat(probe.frame()).isEqualTo(garbage);
            assertThat(probe.frame()).isEmpty();
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
        }
    }

    @Test
    void a_relay_that_ends_at_once_is_left_alone_for_longer_and_longer() throws Exception {
        int failures = 50;
        ScriptedRelay.Script[] scripts = new ScriptedRelay.Script[failures + 1];
        java.util.Arrays.fill(scripts, (ScriptedRelay.Script) peer -> {
            peer.upgrade();
            peer.message(Frames.commit(0));
        });
        scripts[failures] = GOOD;
        try (ScriptedRelay relay = new ScriptedRelay(scripts);
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            for (int i = 0; i < failures; i++) {
                assertThat(probe.frame()).isEqualTo(Frames.commit(0));
            }
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.waits.subList(0, 4))
                    .containsExactly(
                            Duration.ofMillis(150),
                            Duration.ofMillis(300),
                            Duration.ofMillis(600),
                            Duration.ofMillis(1200));
            assertThat(probe.waits.subList(10, failures)).containsOnly(Duration.ofMillis(7_500));
        }
    }

    @Test
    void going_live_on_demand_drops_the_connection_and_the_cursor() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(GOOD, peer -> {
                    peer.upgrade();
                    peer.message(Frames.commit(2));
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            probe.journal.set(new ResumePoint(5, probe.session.relay()));
            probe.start();
            probe.frame();
            probe.control.goLive("nothing but repeats");
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            assertThat(probe.lastConnection.guardStartsAnew()).isTrue();
            assertThat(relay.peers.get(1).requestLine()).doesNotContain("cursor");
            assertThat(probe.ends(End.GO_LIVE)).isEqualTo(1);
        }
    }

    @Test
    void a_journal_of_another_relay_makes_it_start_live() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(GOOD);
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            probe.journal.set(new ResumePoint(5, "wss://elsewhere.example/xrpc"));
            probe.start();
            probe.frame();
            assertThat(probe.lastConnection.guardStartsAnew()).isTrue();
            assertThat(relay.peers.get(0).requestLine()).doesNotContain("cursor");
        }
    }

    @Test
    void the_stream_fails_when_the_journals_position_cannot_be_had() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(GOOD);
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            probe.journal.set(null);
            probe.start();
            assertThatThrownBy(probe::batch).hasRootCauseInstanceOf(NullPointerException.class);
            assertThat(relay.accepted).hasValue(0);
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
