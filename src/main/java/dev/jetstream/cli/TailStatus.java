package dev.jetstream.cli;

import dev.jetstream.client.JetstreamListener;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What {@code tail} prints on standard error: changes of the connection and, on a terminal, a line of progress that is
 * rewritten until the tail has caught up. Thread-safe.
 */
final class TailStatus implements JetstreamListener {
    private static final long SKIPPED_PERIOD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long PROGRESS_PERIOD_NANOS = Duration.ofMillis(500).toNanos();
    private static final long CAUGHT_UP_US = Duration.ofSeconds(5).toNanos() / 1_000;

    private final PrintStream err;
    private boolean showsProgress;
    private final long startNanos;
    private long printedNanos;
    private long printedEvents;
    private long events;
    private boolean anySkipped;
    private long skippedNanos;

    TailStatus(PrintStream err, boolean showsProgress, long nowNanos) {
        this.err = err;
        this.showsProgress = showsProgress;
        this.startNanos = nowNanos;
        this.printedNanos = nowNanos;
    }

    /** Whether progress can be shown: standard error is a terminal, and the events go elsewhere. */
    static boolean canShowProgress() {
        return Terminal.isStandardError() && !Terminal.isStandardOutput();
    }

    @Override
    public void onConnected(URI server, OptionalLong cursor) {
        say("connected to " + server + (cursor.isPresent() ? ", from cursor " + cursor.getAsLong() : ""));
    }

    @Override
    public void onDisconnected(URI server, String reason, Duration retryIn) {
        double seconds = retryIn.toMillis() / 1e3;
        say(String.format(Locale.ROOT, "no connection to %s: %s; retrying in %.1f s", server, reason, seconds));
    }

    @Override
    public synchronized void onSkipped(URI server, String reason) {
        long now = System.nanoTime();
        if (!anySkipped || now - skippedNanos >= SKIPPED_PERIOD_NANOS) {
            anySkipped = true;
            skippedNanos = now;
            say("skipped a message: " + reason);
        }
    }

    /** Prints a line. Control characters, which a server's text may contain, are replaced. */
    synchronized void say(String text) {
        if (showsProgress && printedEvents > 0) {
            err.print(Terminal.CLEAR_LINE);
        }
        err.println(text.replaceAll("\\p{Cntrl}", " "));
        err.flush();
    }

    /** Counts an event. */
    synchronized void event(long timeUs, long nowNanos, long nowUs) {
        events++;
        if (!showsProgress || nowNanos - printedNanos < PROGRESS_PERIOD_NANOS) {
            return;
        }
        long behindUs = nowUs - timeUs;
        if (behindUs < CAUGHT_UP_US) {
            showsProgress = false;
            String elapsed = words(Duration.ofNanos(nowNanos - startNanos));
            err.printf(Locale.ROOT, "%scaught up: %,d events in %s%n", Terminal.CLEAR_LINE, events, elapsed);
            return;
        }
        double rate = (events - printedEvents) * 1e9 / (nowNanos - printedNanos);
        String behind = words(Duration.ofNanos(behindUs * 1_000));
        err.printf(Locale.ROOT, "%s%,d events, %,.0f/s, %s behind", Terminal.CLEAR_LINE, events, rate, behind);
        err.flush();
        printedNanos = nowNanos;
        printedEvents = events;
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
