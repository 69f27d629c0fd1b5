package dev.jetstream.journal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetentionClockTest {
    private static final long HOUR_US = Duration.ofHours(1).toNanos() / 1000;

    private final AtomicLong wall = new AtomicLong(1_700_000_000_000_000L);
    private final AtomicLong nanos = new AtomicLong(-5);

    private final AtomicLong relay = new AtomicLong();

    private void pass(long us) {
        wall.addAndGet(us);
        nanos.addAndGet(us * 1000);
    }

    @Test
    void itGoesWithTheWallClock() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        for (int i = 0; i < 100; i++) {
            pass(HOUR_US);
            assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
        }
    }

    @Test
    void aClockThatJumpsAheadByADayIsFollowedWithinADay() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        long before = wall.get();
        wall.addAndGet(24 * HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(before);
        pass(HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(before + 2 * HOUR_US);
        pass(24 * HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
    }

    /** However long the server was away: what is too old by the wall clock goes, and nothing new is kept for longer. */
    @Test
    void theWallClockIsBelievedAtTheStart() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
        pass(HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
    }

    /** A machine that was suspended: its monotonic clock stood still, the relay's did not. */
    @Test
    void aJumpAheadThatTheRelayConfirmsIsFollowedAtOnce() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        long before = wall.get();
        wall.addAndGet(24 * HOUR_US);
        relay.set(before + 20 * HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(relay.get());
        relay.set(wall.get() + HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
    }

    @Test
    void aRelayThatIsAheadChangesNothing() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        relay.set(wall.get() + 1000 * HOUR_US);
        pass(HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
    }

    @Test
    void aClockThatStepsBackIsFollowedAtOnce() {
        Retention.Clock clock = new Retention.Clock(wall::get, nanos::get);
        pass(HOUR_US);
        clock.nowUs(relay.get());
        wall.addAndGet(-10 * HOUR_US);
        assertThat(clock.nowUs(relay.get())).isEqualTo(wall.get());
    }
}
