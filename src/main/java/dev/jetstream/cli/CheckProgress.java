package dev.jetstream.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The progress of a journal check: a line every ten seconds. Thread-safe. */
final class CheckProgress {
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long printedNanos;

    CheckProgress(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.printedNanos = startNanos;
    }

    /** Reports the number of blocks read, of about {@code total}. */
    synchronized void blocks(long count, long total) {
        long now = nanoTime.getAsLong();
        if (now - printedNanos < LINE_NANOS) {
            return;
        }
        printedNanos = now;
        double perSecond = count / ((now - startNanos) / 1e9);
        double percent = Math.floor(100 * Math.min(1, (double) count / Math.max(1, total)));
        Duration left = Duration.ofSeconds(Math.round(Math.max(0, total - count) / perSecond));
        err.printf(
                Locale.ROOT,
                "%,d of %,d blocks, %.0f %%, %,.0f/s, %d min %d s left%n",
                count,
                total,
                percent,
                perSecond,
                left.toMinutes(),
                left.toSecondsPart());
        err.flush();
    }
}
