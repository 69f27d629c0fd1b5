package dev.jetstream.subscriber;

import static dev.jetstream.subscriber.Deadlines.Due.CLOSE_OVERDUE;
import static dev.jetstream.subscriber.Deadlines.Due.IN_TIME;
import static dev.jetstream.subscriber.Deadlines.Due.KEEP_ALIVE;
import static dev.jetstream.subscriber.Deadlines.Due.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.SubscriberConfig;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    /** Clocks of this kind may begin anywhere, and pass from the largest number to the smallest. */
    private static final long START = Long.MAX_VALUE - seconds(30);

    private final Deadlines deadlines = deadlines(Duration.ofSeconds(10));

    private static Deadlines deadlines(Duration pingInterval) {
        return new Deadlines(new SubscriberConfig(
                pingInterval, Duration.ofSeconds(60), Duration.ofSeconds(5), 64 * 1024, 10_000_000, 0, 0));
    }

    private static long seconds(long seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void silenceIsBrokenInTime() {
        assertThat(deadlines.at(START + seconds(10) - 1, START, false)).isEqualTo(IN_TIME);
        assertThat(deadlines.at(START + seconds(10), START, false)).isEqualTo(KEEP_ALIVE);
    }

    @Test
    void aStuckConnectionIsGivenUpAndNotPinged() {
        assertThat(deadlines.at(START + seconds(60) - 1, START, true)).isEqualTo(IN_TIME);
        assertThat(deadlines.at(START + seconds(60), START, true)).isEqualTo(STALLED);
    }

    @Test
    void aCloseFrameHasItsTimeAndSilenceDoesNotMatterAnyMore() {
        deadlines.closing(START + seconds(20));
        assertThat(deadlines.at(START + seconds(25) - 1, START, false)).isEqualTo(IN_TIME);
        assertThat(deadlines.at(START + seconds(25), START, false)).isEqualTo(CLOSE_OVERDUE);
        assertThat(deadlines.at(START + seconds(25), START, true)).isEqualTo(CLOSE_OVERDUE);
    }

    @Test
    void theClockIsLookedAtFourTimesInTheShorterOfThem() {
        assertThat(deadlines.checkEvery()).isEqualTo(Duration.ofMillis(2_500));
        assertThat(deadlines(Duration.ofSeconds(80)).checkEvery()).isEqualTo(Duration.ofSeconds(15));
    }
}
