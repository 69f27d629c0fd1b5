package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The source over real sockets: connecting, resuming, stopping, pressure. */
class RelaySourceIT {
    private static ActorSystem system;

    @BeforeAll
    static void start() {
        system = ActorSystem.create("relay-source");
    }

    @AfterAll
    static void stop() {
        system.terminate();
    }

    private static ScriptedRelay.Script sending(byte[]... frames) {
        return peer -> {
            peer.upgrade();
            for (byte[] frame : frames) {
                peer.message(frame);
            }
            peer.holdOpen();
        };
    }

    @Test
    void the_upgrade_asks_for_the_urls_path_and_query_with_the_cursor_joined() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(sending(Frames.commit(8)));
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url("/a%20b?x=1&cursor=3&y=z")))) {
            probe.journal.set(RelaySeqs.of(probe.session.relay(), 7));
            probe.start();
            assertThat(probe.frame()).isEqualTo(Frames.commit(8));
            ScriptedRelay.Peer peer = relay.peers.get(0);
            assertThat(peer.requestLine()).isEqualTo("GET /a%20b?x=1&y=z&cursor=7 HTTP/1.1");
            assertThat(peer.header("Host")).isEqualTo("127.0.0.1:" + relay.port());
            assertThat(peer.header("User-Agent")).startsWith("jetstream-jvm/");
            assertThat(peer.header("Upgrade")).isEqualTo("websocket");
            assertThat(peer.header("Connection")).isEqualTo("Upgrade");
            assertThat(peer.header("Sec-WebSocket-Version")).isEqualTo("13");
            assertThat(peer.requestHead).doesNotContainIgnoringCase("extensions");
            assertThat(probe.lastConnection.guardRestarts()).isFalse();
            assertThat(probe.lastConnection.relay()).isEqualTo("ws://127.0.0.1:" + relay.port() + "/a%20b");
        }
    }

    @Test
    void an_empty_journal_starts_live() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(sending(Frames.commit(1)));
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            probe.frame();
            assertThat(relay.peers.get(0).requestLine())
                    .isEqualTo("GET /xrpc/com.atproto.sync.subscribeRepos HTTP/1.1");
        }
    }

    @Test
    void after_a_drop_it_resumes_where_the_journal_stands_by_then() throws Exception {
        CountDownLatch drop = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(1));
                            peer.message(Frames.commit(2));
                            ScriptedRelay.await(drop);
                        },
                        sending(Frames.commit(3)));
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            probe.journal.set(RelaySeqs.of(probe.session.relay(), 0));
            probe.start();
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            probe.journal.set(RelaySeqs.of(probe.session.relay(), 2));
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            drop.countDown();
            long first = probe.lastConnection.id();
            assertThat(probe.frame()).isEqualTo(Frames.commit(3));
            assertThat(probe.lastConnection.id()).isGreaterThan(first);
            assertThat(relay.peers.get(0).requestLine()).contains("cursor=0 ");
            assertThat(relay.peers.get(1).requestLine()).contains("cursor=2 ");
            assertThat(probe.ends(End.DROPPED)).isEqualTo(1);
        }
    }

    @Test
    void a_frame_cut_off_by_a_drop_is_not_handed_on() throws Exception {
        byte[] whole = FrameHeader.frame(FrameHeader.BINARY, Frames.commit(2, 5_000));
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.message(Frames.commit(1));
                            peer.send(Arrays.copyOf(whole, whole.length - 1));
                        },
                        sending(Frames.commit(3)));
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.frame()).isEqualTo(Frames.commit(3));
        }
    }

    @Test
    void frames_that_come_with_the_upgrades_answer_are_not_lost() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    byte[] answer = ScriptedRelay.Peer.answer(keyOf(peer));
                    byte[] frame = FrameHeader.frame(FrameHeader.BINARY, Frames.commit(1));
                    byte[] both = Arrays.copyOf(answer, answer.length + frame.length);
                    System.arraycopy(frame, 0, both, answer.length, frame.length);
                    peer.send(both);
                    peer.holdOpen();
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
        }
    }

    private static String keyOf(ScriptedRelay.Peer peer) throws IOException {
        peer.readHead();
        return peer.header("Sec-WebSocket-Key");
    }

    @Test
    void a_ping_is_answered_and_a_close_frame_too() throws Exception {
        CountDownLatch answered = new CountDownLatch(2);
        try (ScriptedRelay relay = new ScriptedRelay(
                        peer -> {
                            peer.upgrade();
                            peer.send(FrameHeader.frame(FrameHeader.PING, new byte[] {1, 2, 3}));
                            assertThat(peer.clientFrame()).containsExactly(FrameHeader.PONG, 1, 2, 3);
                            answered.countDown();
                            peer.message(Frames.commit(1));
                            peer.send(CloseFrame.of(CloseFrame.GOING_AWAY, "restarting"));
                            assertThat(peer.clientFrame()[0]).isEqualTo((byte) FrameHeader.CLOSE);
                            answered.countDown();
                        },
                        sending(Frames.commit(2)));
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            assertThat(probe.frame()).isEqualTo(Frames.commit(1));
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            answered.await();
            assertThat(probe.ends(End.CLOSED)).isEqualTo(1);
            assertThat(probe.session.state().lastError()).contains("1001").contains("restarting");
        }
    }

    @Test
    void without_demand_the_relays_send_blocks() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] frame = FrameHeader.frame(FrameHeader.BINARY, Frames.commit(1, 60_000));
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    while (true) {
                        peer.send(frame);
                        sent.addAndGet(frame.length);
                    }
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            long most = 64L << 20;
            long before = -1;
            // The sender is stuck once its count stands still over many looks.
            for (int still = 0; still < 200 && before < most; ) {
                LockSupport.parkNanos(1_000_000);
                long now = sent.get();
                still = now == before && now > 0 ? still + 1 : 0;
                before = now;
            }
            long stuckAt = sent.get();
            assertThat(stuckAt).isLessThan(most);
            RelayProbe.await(
                    () -> {
                        try {
                            probe.batch();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                        return sent.get() > 2 * stuckAt;
                    },
                    "the relay to go on sending");
        }
    }

    @Test
    void stop_ends_a_read_that_waits_and_completes_the_source() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    peer.message(Frames.commit(1));
                    try {
                        peer.holdOpen();
                    } finally {
                        gone.countDown();
                    }
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            probe.frame();
            probe.control.stop();
            assertThat(probe.batch()).isEqualTo(Optional.empty());
            gone.await();
            probe.awaitEnd(End.STOPPED);
            assertThat(probe.session.state().connected()).isFalse();
        }
    }

    @Test
    void a_cancelled_stream_closes_the_socket() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        try (ScriptedRelay relay = new ScriptedRelay(peer -> {
                    peer.upgrade();
                    peer.message(Frames.commit(1));
                    try {
                        peer.holdOpen();
                    } finally {
                        gone.countDown();
                    }
                });
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url())).start()) {
            probe.frame();
            probe.cancel();
            gone.await();
            probe.awaitEnd(End.STOPPED);
        }
    }

    @Test
    void a_session_goes_on_in_the_next_stream() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(sending(Frames.commit(1)));
                RelayProbe probe =
                        new RelayProbe(system, RelayProbe.withOverride(RelayProbe.config(relay.url()), 5)).start()) {
            probe.journal.set(RelaySeqs.of(probe.session.relay(), 90));
            probe.frame();
            assertThat(probe.lastConnection.guardRestarts()).isTrue();
            probe.control.stop();
            probe.awaitEnd(End.STOPPED);
            probe.start();
            probe.frame();
            assertThat(probe.lastConnection.guardRestarts()).isFalse();
            assertThat(relay.peers.get(0).requestLine()).contains("cursor=5 ");
            assertThat(relay.peers.get(1).requestLine()).contains("cursor=90 ");
        }
    }
}
