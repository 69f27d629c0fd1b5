package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private long wallUs = 1_700_000_000_000_000L;
    private long nanos = 77;
    private final ClockWatch watch = new ClockWatch(() -> wallUs, () -> nanos, () -> 0);
    private final long back = watch.stepsBack();
    private final long forward = watch.stepsForward();

    private void pass(long millis, long wallMillis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
        wallUs += TimeUnit.MILLISECONDS.toMicros(wallMillis);
        watch.look();
    }

    private void assertSteps(long stepsBack, long stepsForward) {
        assertThat(watch.stepsBack() - back).isEqualTo(stepsBack);
        assertThat(watch.stepsForward() - forward).isEqualTo(stepsForward);
    }

    @Test
    void time_that_passes_is_no_step_however_long_nobody_looked() {
        pass(500, 500);
        pass(3_600_000, 3_600_000);
        assertSteps(0, 0);
    }

    @Test
    void each_step_counts_once() {
        pass(500, 500 - 3_600_000);
        pass(500, 500);
        assertSteps(1, 0);
        pass(500, 500 + 86_400_000);
        pass(500, 500);
        assertSteps(1, 1);
    }

    @Test
    void a_clock_that_is_corrected_slowly_makes_no_steps() {
        for (int i = 0; i < 100; i++) {
            pass(500, 1_400);
        }
        assertSteps(0, 0);
    }
}
