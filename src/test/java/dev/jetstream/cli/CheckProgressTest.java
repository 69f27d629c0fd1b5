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
    void aLineIsWrittenOverAndAtLastCleared() {
        CheckProgress progress = progress(true);
        pass(100);
        progress.blocks(1_024);
        assertThat(err.toString()).isEmpty();
        pass(900);
        progress.blocks(10_240);
        assertThat(err.toString()).isEqualTo("\r\u001b[K10,240 blocks, 10,240/s");
        progress.end();
        assertThat(err.toString()).endsWith("/s\r\u001b[K");
    }

    @Test
    void withoutATerminalNothingIsPrinted() {
        CheckProgress progress = progress(false);
        pass(1_000);
        progress.blocks(10_240);
        progress.end();
        assertThat(err.toString()).isEmpty();
    }
}
