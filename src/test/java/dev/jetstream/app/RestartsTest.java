package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RestartsTest {
    private static final boolean OUTAGE = true;
    private static final boolean FAULT = false;
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Restarts restarts = new Restarts(Duration.ofMillis(50), Duration.ofSeconds(2));

    @Test
    void anOutageIsWaitedForForEver() {
        for (int time = 0; time < 10_000; time++) {
            assertThat(restarts.after(OUTAGE, 7, SHORT)).isPresent();
        }
    }

    @Test
    void aFaultIsGivenUpWhenNoBlockIsWrittenInBetween() {
        for (int time = 0; time < Restarts.MAX_FAULTS; time++) {
            assertThat(restarts.after(FAULT, 7, LONG)).isPresent();
            assertThat(restarts.after(OUTAGE, 7, LONG)).isPresent();
        }
        assertThat(restarts.after(FAULT, 7, LONG)).isEmpty();
    }

    @Test
    void aBlockInBetweenIsProgress() {
        for (int block = 0; block < 100; block++) {
            for (int time = 0; time < Restarts.MAX_FAULTS; time++) {
                assertThat(restarts.after(FAULT, block, SHORT)).isPresent();
            }
        }
    }

    @Test
    void theWaitDoublesUpToTheLongestAndBeginsAnewAfterAGoodRun() {
        assertThat(wait(SHORT)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(wait(SHORT)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        for (int time = 0; time < 100; time++) {
            wait(SHORT);
        }
        assertThat(wait(SHORT)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(wait(LONG)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    }

    private Duration wait(Duration ran) {
        Optional<Duration> wait = restarts.after(OUTAGE, 1, ran);
        return wait.orElseThrow();
    }
}
