package dev.jetstream.cli;

import dev.jetstream.client.JetstreamListener;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Says on standard error how the connection is doing. */
final class TailStatus implements JetstreamListener {
    private static final long SKIPPED_PERIOD_NANOS = Duration.ofSeconds(5).toNanos();

    private final PrintStream err;
    private final TailProgress progress;
    private boolean anySkipped;
    private long skippedNanos;

    TailStatus(PrintStream err, TailProgress progress) {
        this.err = err;
        this.progress = progress;
    }

    @Override
    public void onConnected(URI server, OptionalLong cursor) {
        say("connected to " + server + (cursor.isPresent() ? ", from cursor " + cursor.getAsLong() : ""));
    }

    @Override
    public void onDisconnected(URI server, String reason, Duration retryIn) {
        say(String.format(
                Locale.ROOT,
                "no connection to %s: %s; trying again in %.1f s",
                server,
                reason,
                retryIn.toMillis() / 1e3));
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

    /** Prints a line, without the control characters that a server's text may hold. */
    void say(String text) {
        progress.clear();
        err.println(text.replaceAll("\\p{Cntrl}", " "));
        err.flush();
    }
}
