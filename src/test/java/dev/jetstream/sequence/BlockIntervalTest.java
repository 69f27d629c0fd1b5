package dev.jetstream.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BlockIntervalTest {
    private final AtomicLong subscribers = new AtomicLong();
    private final BlockInterval interval =
            new BlockInterval(Duration.ofMillis(15), Duration.ofMillis(100), subscribers::get);

    private double millisWith(long count) {
        subscribers.set(count);
        return interval.nanos() / 1e6;
    }

    private void feed(int perSecond, int millis, int seconds) {
        for (int at = 0; at < seconds * 1_000; at += millis) {
            interval.onBlock(perSecond * millis / 1_000, millis * 1_000_000L);
        }
    }

    @Test
    void isTheMinimumForFewSubscribersAndTheMaximumForMany() {
        assertThat(millisWith(0)).isEqualTo(15);
        assertThat(millisWith(150)).isEqualTo(15);
        assertThat(millisWith(300)).isEqualTo(30);
        assertThat(millisWith(1_000)).isEqualTo(100);
        assertThat(millisWith(100_000)).isEqualTo(100);
    }

    @Test
    void growsWithThePaceOfEvents() {
        feed(1_000, 5, 10);
        assertThat(millisWith(0)).isCloseTo(15, within(0.1));
        feed(2_000, 5, 10);
        assertThat(millisWith(0)).isCloseTo(30, within(0.1));
        feed(10_000, 5, 10);
        assertThat(millisWith(0)).isEqualTo(100);
    }

    @Test
    void isTheLargerOfWhatSubscribersAndEventsNeed() {
        feed(2_000, 5, 10);
        assertThat(millisWith(200)).isCloseTo(30, within(0.1));
        assertThat(millisWith(400)).isEqualTo(40);
    }

    @Test
    void thePaceIsThatOfASteadyStreamHoweverItIsCut() {
        feed(1_000, 5, 5);
        assertThat(interval.eventsPerSecond()).isCloseTo(1_000, within(1.0));
        feed(5_000, 1, 5);
        assertThat(interval.eventsPerSecond()).isCloseTo(5_000, within(10.0));
    }

    @Test
    void thePaceMovesHalfWayInHalfASecond() {
        feed(1_000, 5, 10);
        for (int i = 0; i < 100; i++) {
            interval.onBlock(15, 5_000_000);
        }
        assertThat(interval.eventsPerSecond()).isCloseTo(2_000, within(5.0));
    }

    @Test
    void thePaceFallsAfterASilence() {
        feed(1_000, 5, 5);
        interval.onBlock(1, 60_000_000_000L);
        assertThat(interval.eventsPerSecond()).isLessThan(1);
    }
}
