package dev.jetstream.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {
    private final Pace pace = new Pace();

    private void feed(int times, int events, long millis) {
        for (int i = 0; i < times; i++) {
            pace.add(events, millis * 1_000_000);
        }
    }

    @Test
    void isThatOfASteadyStreamHoweverItIsCut() {
        feed(1_000, 5, 5);
        assertThat(pace.perSecond()).isCloseTo(1_000, within(1.0));

        feed(5_000, 1, 1);
        assertThat(pace.perSecond()).isCloseTo(1_000, within(1.0));
    }

    @Test
    void isHalfWayToTheNewOneAfterHalfASecond() {
        feed(1_000, 5, 5);

        feed(100, 15, 5);

        assertThat(pace.perSecond()).isCloseTo(2_000, within(5.0));
    }

    @Test
    void falls() {
        feed(1_000, 5, 5);

        pace.add(1, 60_000_000_000L);

        assertThat(pace.perSecond()).isLessThan(1);
    }
}
