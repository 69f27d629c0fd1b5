package dev.jetstream.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The progress of a journal check: a bar on a terminal, otherwise a line every ten seconds. Thread-safe.
 */
final class CheckProgress {
    private static final long REWRITE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long LINE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int BAR_CELLS = 30;

    private final PrintWriter err;
    private final boolean isTerminal;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private long printedNanos;
    private boolean isBarShown;

    /** @param isTerminal whether a printed line can be rewritten */
    CheckProgress(PrintWriter err, boolean isTerminal, LongSupplier nanoTime) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
        this.printedNanos = startNanos;
    }

    /** Reports the number of blocks read, of about {@code total}. */
    synchronized void blocks(long count, long total) {
        long now = nanoTime.getAsLong();
        if (now - printedNanos < (isTerminal ? REWRITE_NANOS : LINE_NANOS)) {
            return;
        }
        printedNanos = now;
        double perSecond = count / ((now - startNanos) / 1e9);
        double part = Math.min(1, (double) count / Math.max(1, total));
        Duration left = Duration.ofSeconds(Math.round(Math.max(0, total - count) / perSecond));
        String words = String.format(
                Locale.ROOT,
                "%,d of %,d blocks, %.0f %%, %,.0f/s, %s left",
                count,
                total,
                Math.floor(100 * part),
                perSecond,
                TailStatus.words(left));
        if (isTerminal) {
            err.print(Terminal.CLEAR_LINE + bar(part) + " " + words);
        } else {
            err.println(words);
        }
        err.flush();
        isBarShown = isTerminal;
    }

    private static String bar(double part) {
        int full = (int) (part * BAR_CELLS);
        return "[" + "#".repeat(full) + ".".repeat(BAR_CELLS - full) + "]";
    }

    /** Clears the bar. */
    synchronized void end() {
        if (isBarShown) {
            err.print(Terminal.CLEAR_LINE);
            err.flush();
        }
    }
}
