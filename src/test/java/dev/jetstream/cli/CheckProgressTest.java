package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CheckProgressTest {
    private final AtomicLong clock = new AtomicLong();
    private final StringWriter err = new StringWriter();
    private final CheckProgress progress = new CheckProgress(new PrintWriter(err), clock::get);

    private void pass(long millis) {
        clock.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void printsALineEveryTenSeconds() {
        pass(9_999);
        progress.blocks(10_000, 1_000_000);
        pass(1);
        progress.blocks(20_000, 1_000_000);
        pass(5_000);
        progress.blocks(30_000, 1_000_000);
        pass(5_000);
        progress.blocks(40_000, 1_000_000);
        assertThat(err.toString().lines())
                .containsExactly(
                        "20,000 of 1,000,000 blocks, 2 %, 2,000/s, 8 min 10 s left",
                        "40,000 of 1,000,000 blocks, 4 %, 2,000/s, 8 min 0 s left");
    }

    @Test
    void moreBlocksThanExpectedAndNoneAtAllAreNoTrouble() {
        pass(10_000);
        progress.blocks(2_560, 200);
        pass(10_000);
        progress.blocks(0, 0);
        assertThat(err.toString().lines())
                .containsExactly(
                        "2,560 of 200 blocks, 100 %, 256/s, 0 min 0 s left", "0 of 0 blocks, 0 %, 0/s, 0 min 0 s left");
    }
}
