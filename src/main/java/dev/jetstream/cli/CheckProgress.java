package dev.jetstream.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The line that is rewritten on a terminal while a journal is checked: how many blocks, how fast. Any thread. */
final class CheckProgress {
    private static final long PERIOD_NANOS = Duration.ofMillis(200).toNanos();

    private final PrintWriter err;
    private final boolean active;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long printedNanos;
    private boolean printed;

    /** @param active whether anything is printed */
    CheckProgress(PrintWriter err, boolean active, LongSupplier nanoTime) {
        this.err = err;
        this.active = active;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.printedNanos = startNanos;
    }

    /** So many blocks were read. */
    synchronized void blocks(long count) {
        long now = nanoTime.getAsLong();
        if (!active || now - printedNanos < PERIOD_NANOS) {
            return;
        }
        err.printf(
                Locale.ROOT, "%s%,d blocks, %,.0f/s", Terminal.CLEAR_LINE, count, count / ((now - startNanos) / 1e9));
        err.flush();
        printedNanos = now;
        printed = true;
    }

    /** Clears the line. */
    synchronized void end() {
        if (printed) {
            err.print(Terminal.CLEAR_LINE);
            err.flush();
        }
    }
}
