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

    private CheckProgress progress(boolean active) {
        return new CheckProgress(new PrintWriter(err), active, clock::get);
    }

    private void pass(long millis) {
        clock.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    @Test
    void atATerminalABarIsWrittenOverAndAtLastCleared() {
        CheckProgress progress = progress(true);
        pass(100);
        progress.blocks(1_024, 40_960);
        assertThat(err.toString()).isEmpty();
        pass(900);
        progress.blocks(10_240, 40_960);
        assertThat(err.toString())
                .isEqualTo(
                        "\r\u001b[K[#######.......................] 10,240 of 40,960 blocks, 25 %, 10,240/s, 3 s left");
        progress.end();
        assertThat(err.toString()).endsWith("left\r\u001b[K");
    }

    @Test
    void elsewhereALineIsPrintedEveryTenSeconds() {
        CheckProgress progress = progress(false);
        pass(9_999);
        progress.blocks(10_000, 1_000_000);
        pass(1);
        progress.blocks(20_000, 1_000_000);
        pass(5_000);
        progress.blocks(30_000, 1_000_000);
        pass(5_000);
        progress.blocks(40_000, 1_000_000);
        progress.end();
        assertThat(err.toString().lines())
                .containsExactly(
                        "20,000 of 1,000,000 blocks, 2 %, 2,000/s, 8 min 10 s left",
                        "40,000 of 1,000,000 blocks, 4 %, 2,000/s, 8 min 0 s left");
    }

    @Test
    void moreBlocksThanExpectedAndNoneAtAllAreNoTrouble() {
        CheckProgress progress = progress(true);
        pass(1_000);
        progress.blocks(256, 200);
        pass(1_000);
        progress.blocks(0, 0);
        assertThat(err.toString())
                .contains("[##############################] 256 of 200 blocks, 100 %")
                .endsWith("0 of 0 blocks, 0 %, 0/s, 0 s left");
    }
}
