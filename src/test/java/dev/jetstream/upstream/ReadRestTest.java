package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadRestTest {
    private static final long MILLI = 1_000_000;

    private final ReadRest rest = new ReadRest();
    private long now = 77;

    ReadRestTest() {
        rest.start(now);
    }

    /** A second of batches; what the last one asked for. */
    private long second(int batches, int frames) {
        long asked = 0;
        for (int i = 0; i < batches; i++) {
            now += 1_000 * MILLI / batches;
            asked = rest.after(frames, now);
        }
        return asked;
    }

    @Test
    void aRelayOfTodaysPaceIsReadAtOnce() {
        assertThat(second(1_500, 1)).isZero();
    }

    @Test
    void aBusyOneIsReadInGroups() {
        assertThat(second(4_000, 1)).isEqualTo(8 * MILLI);
        assertThat(second(8_000, 1)).isBetween(39 * MILLI / 10, 4 * MILLI);
    }

    @Test
    void isNeverLongerThanEightMilliseconds() {
        assertThat(second(2_001, 1)).isEqualTo(8 * MILLI);
    }

    @Test
    void whatComesInGroupsAnywayIsReadOn() {
        assertThat(second(2_000, 95)).isZero();
    }

    @Test
    void endsWhenThePaceFalls() {
        second(4_000, 1);

        assertThat(second(500, 1)).isZero();
    }
}
