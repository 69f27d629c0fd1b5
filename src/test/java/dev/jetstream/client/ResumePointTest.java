package dev.jetstream.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ResumePointTest {
    private static final URI ONE = URI.create("ws://one/subscribe");
    private static final URI TWO = URI.create("ws://two/subscribe");
    private static final long MINUTE_US = 60_000_000;

    private static ResumePoint live() {
        return new ResumePoint(OptionalLong.empty(), false, Duration.ofSeconds(5));
    }

    @Test
    void aUsersCursorIsAskedForUntilTheFirstEvent() {
        ResumePoint resume = new ResumePoint(OptionalLong.of(42), false, Duration.ofSeconds(5));
        assertThat(resume.cursorFor(ONE)).hasValue(42);
        resume.connected(ONE, 1_000);
        assertThat(resume.cursorFor(TWO)).hasValue(42);
        assertThat(resume.isNew(42, "a")).isTrue();
        assertThat(resume.cursorFor(ONE)).hasValue(42);
        assertThat(resume.cursorFor(TWO)).hasValue(42 - 5_000_000);
    }

    @Test
    void aHandledCursorDropsAllEventsOfItsTime() {
        ResumePoint resume = new ResumePoint(OptionalLong.of(42), true, Duration.ofSeconds(5));
        resume.connected(ONE, 1_000);
        assertThat(resume.isNew(42, "a")).isFalse();
        assertThat(resume.isNew(42, "b")).isFalse();
        assertThat(resume.isNew(43, "c")).isTrue();
        assertThat(resume.isNew(43, "d")).isTrue();
    }

    @Test
    void aClockThatWasSetBackIsFollowedAndALittleStepIsARepeat() {
        ResumePoint resume = live();
        resume.connected(ONE, 0);
        assertThat(resume.isNew(10 * MINUTE_US, "a")).isTrue();
        assertThat(resume.isNew(9 * MINUTE_US, "b")).isFalse();
        assertThat(resume.isNew(9 * MINUTE_US - 1, "c")).isTrue();
        assertThat(resume.cursorFor(ONE)).hasValue(9 * MINUTE_US - 1);
    }

    @Test
    void anotherHostsFirstEventSetsTheMarkAnew() {
        ResumePoint resume = live();
        resume.connected(ONE, 0);
        resume.isNew(MINUTE_US, "a");
        resume.connected(TWO, 0);
        assertThat(resume.isNew(MINUTE_US - 4_000_000, "b")).isTrue();
        assertThat(resume.isNew(MINUTE_US - 4_000_001, "b")).isFalse();
        assertThat(resume.cursorFor(TWO)).hasValue(MINUTE_US - 4_000_000);
    }

    @Test
    void aLiveStreamWithoutEventsGoesBackToWhenItWasOpened() {
        ResumePoint resume = live();
        assertThat(resume.cursorFor(ONE)).isEmpty();
        resume.connected(ONE, 7_000_000);
        resume.connected(ONE, 9_000_000);
        assertThat(resume.cursorFor(ONE)).hasValue(7_000_000);
        assertThat(resume.cursorFor(TWO)).hasValue(2_000_000);
    }

    /** Whatever the times, ties among them, and wherever connections are lost: each event once, in order. */
    @Property
    void eachEventOnceAcrossAnyDrops(
            @ForAll @Size(max = 40) List<@IntRange(max = 2) Integer> steps,
            @ForAll @Size(max = 10) List<@IntRange(max = 40) Integer> drops) {
        List<Long> times = new ArrayList<>();
        long time = 1;
        for (int step : steps) {
            time += step;
            times.add(time);
        }
        ResumePoint resume = new ResumePoint(OptionalLong.of(0), false, Duration.ofSeconds(5));
        List<Integer> delivered = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>(drops);
        lengths.add(Integer.MAX_VALUE);
        for (int length : lengths) {
            long cursor = resume.cursorFor(ONE).orElseThrow();
            resume.connected(ONE, 0);
            int left = length;
            for (int i = 0; i < times.size() && left > 0; i++) {
                if (times.get(i) >= cursor) {
                    left--;
                    if (resume.isNew(times.get(i), "event " + i)) {
                        delivered.add(i);
                    }
                }
            }
        }
        assertThat(delivered).isEqualTo(IntStream.range(0, times.size()).boxed().toList());
    }
}
