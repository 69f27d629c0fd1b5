package dev.jetstream.journal.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetentionClockTest {
    private static final long HOUR_US = Duration.ofHours(1).toNanos() / 1000;

    private final AtomicLong wall = new AtomicLong(1_700_000_000_000_000L);
    private final AtomicLong nanos = new AtomicLong(-5);

    private void pass(long us) {
        wall.addAndGet(us);
        nanos.addAndGet(us * 1000);
    }

    @Test
    void itGoesWithTheWallClock() {
        RetentionClock clock = new RetentionClock(wall::get, nanos::get, wall.get());
        for (int i = 0; i < 100; i++) {
            pass(HOUR_US);
            assertThat(clock.nowUs()).isEqualTo(wall.get());
        }
    }

    @Test
    void aClockThatJumpsAheadByADayIsFollowedWithinADay() {
        RetentionClock clock = new RetentionClock(wall::get, nanos::get, wall.get());
        long before = wall.get();
        wall.addAndGet(24 * HOUR_US);
        assertThat(clock.nowUs()).isEqualTo(before);
        pass(HOUR_US);
        assertThat(clock.nowUs()).isEqualTo(before + 2 * HOUR_US);
        pass(24 * HOUR_US);
        assertThat(clock.nowUs()).isEqualTo(wall.get());
    }

    @Test
    void aClockThatIsAheadAtTheStartIsNotBelievedAtOnce() {
        long newest = wall.get();
        wall.addAndGet(365 * 24 * HOUR_US);
        RetentionClock clock = new RetentionClock(wall::get, nanos::get, newest);
        pass(HOUR_US);
        assertThat(clock.nowUs()).isEqualTo(newest + 2 * HOUR_US);
    }

    @Test
    void aClockThatStepsBackIsFollowedAtOnce() {
        RetentionClock clock = new RetentionClock(wall::get, nanos::get, wall.get());
        pass(HOUR_US);
        clock.nowUs();
        wall.addAndGet(-10 * HOUR_US);
        assertThat(clock.nowUs()).isEqualTo(wall.get());
    }
}
