package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RateHistoryTest {
    private long count = 1_000;
    private long nanos = 5;
    private final RateHistory history = new RateHistory(() -> count, () -> nanos);

    private void sample(long more, double afterSeconds) {
        count += more;
        nanos += (long) (afterSeconds * TimeUnit.SECONDS.toNanos(1));
        history.sample();
    }

    @Test
    void what_was_before_it_is_not_counted() {
        assertThat(history.perSecond()).isEmpty();
        sample(7, 1);
        assertThat(history.perSecond()).containsExactly(7);
    }

    @Test
    void a_late_sample_is_a_rate_all_the_same() {
        sample(300, 1.5);
        sample(10, 0.5);
        sample(0, 1);
        assertThat(history.perSecond()).containsExactly(200, 20, 0);
    }

    @Test
    void two_samples_at_one_instant_divide_by_nothing() {
        sample(0, 0);
        assertThat(history.perSecond()).containsExactly(0);
    }

    @Test
    void the_last_ones_are_kept_in_order() {
        LongStream.rangeClosed(1, RateHistory.POINTS + 17).forEach(i -> sample(i, 1));
        assertThat(history.perSecond())
                .isEqualTo(LongStream.rangeClosed(18, RateHistory.POINTS + 17).toArray());
    }
}
