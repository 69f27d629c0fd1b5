package dev.jetstream.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** The line that is rewritten on a terminal while a tail catches up: how many events, how fast, how far behind. */
final class TailProgress {
    private static final long PERIOD_NANOS = Duration.ofMillis(500).toNanos();
    private static final long CAUGHT_UP_US = Duration.ofSeconds(5).toNanos() / 1_000;

    private final PrintStream err;
    private boolean active;
    private final long startNanos;
    private long printedNanos;
    private long printedEvents;
    private long events;

    TailProgress(PrintStream err, boolean active, long nowNanos) {
        this.err = err;
        this.active = active;
        this.startNanos = nowNanos;
        this.printedNanos = nowNanos;
    }

    /** Whether standard error shows on a terminal, and standard output goes elsewhere, so that the line would not mix with it. */
    static boolean useful() {
        return Terminal.isStandardError() && !Terminal.isStandardOutput();
    }

    /** Counts an event. */
    synchronized void event(long timeUs, long nowNanos, long nowUs) {
        events++;
        if (!active || nowNanos - printedNanos < PERIOD_NANOS) {
            return;
        }
        long behindUs = nowUs - timeUs;
        if (behindUs < CAUGHT_UP_US) {
            active = false;
            err.printf(
                    Locale.ROOT,
                    "%scaught up: %,d events in %s%n",
                    Terminal.CLEAR_LINE,
                    events,
                    words(Duration.ofNanos(nowNanos - startNanos)));
            return;
        }
        double rate = (events - printedEvents) * 1e9 / (nowNanos - printedNanos);
        err.printf(
                Locale.ROOT,
                "%s%,d events, %,.0f/s, %s behind",
                Terminal.CLEAR_LINE,
                events,
                rate,
                words(Duration.ofNanos(behindUs * 1_000)));
        err.flush();
        printedNanos = nowNanos;
        printedEvents = events;
    }

    /** Makes room for another line on standard error. */
    synchronized void clear() {
        if (active && printedEvents > 0) {
            err.print(Terminal.CLEAR_LINE);
        }
    }

    /** "3 h 12 min", "12 min 5 s", "8 s". */
    static String words(Duration duration) {
        if (duration.toHours() > 0) {
            return duration.toHours() + " h " + duration.toMinutesPart() + " min";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
        }
        return duration.toSeconds() + " s";
    }
}
