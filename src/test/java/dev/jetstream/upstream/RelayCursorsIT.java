package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Where a source resumes when the relay, the journal or the pipeline will not have the last seq. */
class RelayCursorsIT extends RelayFixture {
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
            assertThat(probe.lastConnection.guardRestarts()).isTrue();
            assertThat(relay.peers.get(0).requestLine()).contains("cursor=5 ");
            assertThat(relay.peers.get(1).requestLine()).doesNotContain("cursor");
            assertThat(relay.peers.get(2).requestLine()).doesNotContain("cursor");
            probe.journal.set(RelaySeqs.of(probe.session.relay(), 1));
            drop.countDown();
            assertThat(probe.frame()).isEqualTo(Frames.commit(2));
            assertThat(probe.lastConnection.guardRestarts()).isFalse();
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
    void a_journal_of_another_relay_makes_it_start_live() throws Exception {
        try (ScriptedRelay relay = new ScriptedRelay(GOOD);
                RelayProbe probe = new RelayProbe(system, RelayProbe.config(relay.url()))) {
            probe.journal.set(RelaySeqs.of("wss://elsewhere.example/xrpc", 5));
            probe.start();
            probe.frame();
            assertThat(probe.lastConnection.guardRestarts()).isTrue();
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
}
