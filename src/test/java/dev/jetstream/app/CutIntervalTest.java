package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.SequenceConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CutIntervalTest {
    private final AtomicLong subscribers = new AtomicLong();
    private final CutInterval interval = new CutInterval(
            new SequenceConfig(Duration.ofMillis(5), Duration.ofMillis(50), 1_000, 512 * 1024), subscribers::get);

    private long millisWith(long count) {
        subscribers.set(count);
        return interval.applyAsLong(0) / 1_000_000;
    }

    @Test
    void isTheLeastForFewAndTheGreatestForMany() {
        assertThat(millisWith(0)).isEqualTo(5);
        assertThat(millisWith(166)).isEqualTo(5);
        assertThat(millisWith(1_667)).isEqualTo(50);
        assertThat(millisWith(100_000)).isEqualTo(50);
    }

    @Test
    void wakesAThirdOfAHundredThousandASecondInBetween() {
        assertThat(millisWith(500)).isEqualTo(15);
        assertThat(millisWith(1_000)).isEqualTo(30);
    }

    @Test
    void growsWithTheEventsToo() {
        assertThat(interval.applyAsLong(1_000)).isEqualTo(5_000_000);
        assertThat(interval.applyAsLong(2_000)).isEqualTo(20_000_000);
        assertThat(interval.applyAsLong(4_000)).isEqualTo(50_000_000);
        assertThat(interval.applyAsLong(Double.MAX_VALUE)).isEqualTo(50_000_000);
    }

    @Test
    void isTheLargerOfWhatSubscribersAndEventsAsk() {
        subscribers.set(500);
        assertThat(interval.applyAsLong(1_200)).isEqualTo(15_000_000);
        assertThat(interval.applyAsLong(2_000)).isEqualTo(20_000_000);
    }
}
