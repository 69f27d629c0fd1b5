package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.UpstreamConfig;
import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.upstream.UpstreamMetrics.Skipped;
import dev.jetstream.websocket.FrameHeader;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What a relay can do wrong once it sends, over real sockets: each ends in a reconnect or is passed over, and the next frame
 * flows.
 */
class RelayFailuresIT extends RelayFixture {
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
    void a_relay_that_ends_at_once_a_thousand_times_is_left_alone_for_longer_and_longer() throws Exception {
        int failures = 1_000;
        ScriptedRelay.Script[] scripts = new ScriptedRelay.Script[failures + 1];
        Arrays.fill(scripts, (ScriptedRelay.Script) peer -> {
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
            assertThat(probe.waits)
                    .hasSize(failures)
                    .startsWith(
                            Duration.ofMillis(150),
                            Duration.ofMillis(300),
                            Duration.ofMillis(600),
                            Duration.ofMillis(1200));
            assertThat(probe.waits.subList(10, failures)).containsOnly(Duration.ofMillis(7_500));
        }
    }
}
