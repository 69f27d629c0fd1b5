package dev.jetstream.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));

    private Duration next(double random) {
        return backoff.next(random, Duration.ZERO);
    }

    @Test
    void waits_double_up_to_the_longest() {
        assertThat(IntStream.range(0, 8).mapToLong(i -> next(0).toMillis()).toArray())
                .containsExactly(1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000);
    }

    @Test
    void jitter_reaches_to_the_next_step() {
        assertThat(IntStream.range(0, 6).mapToLong(i -> next(0.5).toMillis()).toArray())
                .containsExactly(1_500, 3_000, 6_000, 12_000, 22_500, 22_500);
    }

    @Test
    void a_reset_begins_again() {
        next(0);
        next(0);
        backoff.reset();
        assertThat(next(0)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void what_the_relay_asks_for_lengthens_the_wait_up_to_the_longest_and_never_shortens_it() {
        assertThat(backoff.next(0, Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
        assertThat(backoff.next(0, Duration.ofDays(20_000))).isEqualTo(Duration.ofSeconds(30));
        assertThat(backoff.next(0, Duration.ofMillis(1))).isEqualTo(Duration.ofSeconds(4));
    }

    @Property(tries = 200)
    void every_wait_lies_between_least_and_longest(
            @ForAll @IntRange(min = 1, max = 100_000) int minMillis,
            @ForAll @IntRange(min = 1, max = 100_000) int extraMillis,
            @ForAll @DoubleRange(max = 1, maxIncluded = false) double random) {
        Duration min = Duration.ofMillis(minMillis);
        Duration max = min.plusMillis(extraMillis);
        Backoff any = new Backoff(min, max);
        for (int i = 0; i < 100; i++) {
            assertThat(any.next(random, Duration.ZERO)).isBetween(min, max);
        }
    }
}
