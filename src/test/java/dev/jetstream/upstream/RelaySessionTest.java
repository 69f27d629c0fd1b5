package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.UpstreamMetrics.End;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Where connections start and how long is waited between them, in the test's own time. */
class RelaySessionTest {
    private static final String RELAY = "ws://relay.example/";
    private static final RelaySeqs AT_5 = RelaySeqs.of(RELAY, 5);
    private static final ConnectionEnd DROPPED = new ConnectionEnd(End.DROPPED, "dropped");

    private long nowNanos = 1_000;

    private RelaySession session(long overrideCursor) throws NoSuchAlgorithmException {
        Timing timing = new Timing() {
            @Override
            public long nanoTime() {
                return nowNanos;
            }

            @Override
            public void pause(Duration duration, CountDownLatch stopped) {
                nowNanos += duration.toNanos();
            }

            @Override
            public double random() {
                return 0;
            }
        };
        return new RelaySession(
                RelayProbe.withOverride(RelayProbe.config(URI.create(RELAY)), overrideCursor),
                new UpstreamMetrics(),
                SSLContext.getDefault(),
                timing);
    }

    private void framesCame(RelaySession session, RelaySession.Start start) {
        session.onFrames(new FrameBatch(new byte[1], 1, new int[] {0}, new int[] {1}, start.connection(), nowNanos), 1);
    }

    @Test
    void the_journals_seq_is_the_cursor_and_seq_0_counts() throws Exception {
        assertThat(session(-1).nextStart(AT_5).cursor()).hasValue(5);
        assertThat(session(-1).nextStart(RelaySeqs.of(RELAY, 0)).cursor()).hasValue(0);
        assertThat(session(-1).nextStart(RelaySeqs.of(RELAY, -1)).cursor()).isEmpty();
        assertThat(session(-1).nextStart(RelaySeqs.NONE).cursor()).isEmpty();
    }

    @Test
    void an_override_holds_until_frames_came_by_it_and_never_again() throws Exception {
        RelaySession session = session(0);
        assertThat(session.nextStart(AT_5).cursor()).hasValue(0);
        RelaySession.Start second = session.nextStart(AT_5);
        assertThat(second.cursor()).hasValue(0);
        assertThat(second.connection().guardRestarts()).isTrue();
        framesCame(session, second);
        RelaySession.Start third = session.nextStart(AT_5);
        assertThat(third.cursor()).hasValue(5);
        assertThat(third.connection().guardRestarts()).isFalse();
    }

    @Test
    void an_override_counts_for_another_relays_journal_too() throws Exception {
        assertThat(session(3).nextStart(RelaySeqs.of("ws://other/", 5)).cursor())
                .hasValue(3);
    }

    @Test
    void going_live_takes_the_place_of_an_override() throws Exception {
        RelaySession session = session(9);
        session.nextStart(AT_5);
        session.requireLive("FutureCursor");
        RelaySession.Start live = session.nextStart(AT_5);
        assertThat(live.cursor()).isEqualTo(OptionalLong.empty());
        framesCame(session, live);
        assertThat(session.nextStart(AT_5).cursor()).hasValue(5);
    }

    @Test
    void frames_of_the_connection_that_got_the_error_do_not_clear_the_live_start() throws Exception {
        RelaySession session = session(-1);
        RelaySession.Start old = session.nextStart(AT_5);
        session.requireLive("FutureCursor");
        framesCame(session, old);
        assertThat(session.nextStart(AT_5).cursor()).isEmpty();
    }

    @Test
    void among_several_relays_it_looks_up_its_own() throws Exception {
        RelaySeqs two = RelaySeqs.of("ws://other/", 90).with(RELAY, 5);
        RelaySession.Start start = session(-1).nextStart(two);
        assertThat(start.cursor()).hasValue(5);
        assertThat(start.connection().guardRestarts()).isFalse();
    }

    @Test
    void another_relay_is_live_each_time_until_the_journal_names_this_one() throws Exception {
        RelaySession session = session(-1);
        RelaySeqs elsewhere = RelaySeqs.of("ws://other/", 5);
        for (int i = 0; i < 2; i++) {
            RelaySession.Start start = session.nextStart(elsewhere);
            framesCame(session, start);
            assertThat(start.cursor()).isEmpty();
            assertThat(start.connection().guardRestarts()).isTrue();
        }
        assertThat(session.nextStart(AT_5).cursor()).hasValue(5);
    }

    @Test
    void backoff_starts_again_only_after_frames_for_as_long_as_the_longest_wait() throws Exception {
        RelaySession session = session(-1);
        assertThat(endAfter(session, true, Duration.ofSeconds(9))).isEqualTo(Duration.ofMillis(100));
        assertThat(endAfter(session, true, Duration.ofSeconds(9))).isEqualTo(Duration.ofMillis(200));
        assertThat(endAfter(session, false, Duration.ofHours(1))).isEqualTo(Duration.ofMillis(400));
        assertThat(endAfter(session, true, Duration.ofSeconds(10))).isEqualTo(Duration.ofMillis(100));
    }

    private Duration endAfter(RelaySession session, boolean frames, Duration length) {
        RelaySession.Start start = session.nextStart(AT_5);
        session.onConnected(start);
        if (frames) {
            framesCame(session, start);
        }
        nowNanos += length.toNanos();
        return session.onEnd(start.connection(), DROPPED);
    }

    @Test
    void the_state_tells_connection_age_and_last_error() throws Exception {
        RelaySession session = session(-1);
        assertThat(session.state().connected()).isFalse();
        assertThat(session.state().sinceLastFrame()).isEmpty();
        RelaySession.Start start = session.nextStart(AT_5);
        session.onConnected(start);
        framesCame(session, start);
        nowNanos += Duration.ofSeconds(3).toNanos();
        assertThat(session.state().connected()).isTrue();
        assertThat(session.state().sinceLastFrame()).hasValue(Duration.ofSeconds(3));
        session.onEnd(start.connection(), DROPPED);
        assertThat(session.state().connected()).isFalse();
        assertThat(session.state().lastError()).isEqualTo("dropped");
        assertThat(session.state().connects()).isEqualTo(1);
        assertThat(session.state().relay()).isEqualTo(RELAY);
    }

    @Test
    void the_end_of_an_earlier_streams_connection_does_not_touch_the_current_one() throws Exception {
        RelaySession session = session(-1);
        RelaySession.Start old = session.nextStart(AT_5);
        session.onConnected(old);
        RelaySession.Start current = session.nextStart(AT_5);
        session.onConnected(current);
        session.onEnd(old.connection(), new ConnectionEnd(End.STOPPED, "stopped"));
        assertThat(session.state().connected()).isTrue();
    }
}
