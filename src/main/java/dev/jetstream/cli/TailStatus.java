package dev.jetstream.cli;

import dev.jetstream.client.JetstreamListener;
import dev.jetstream.common.LogThrottle;
import java.io.PrintStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/** Prints changes of the connection on standard error. Thread-safe. */
final class TailStatus implements JetstreamListener {
    private final PrintStream err;
    private final LogThrottle skips = new LogThrottle();

    TailStatus(PrintStream err) {
        this.err = err;
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
    public void onSkipped(URI server, String reason) {
        if (skips.permits()) {
            say("skipped a message: " + reason);
        }
    }

    /** Prints a line. Control characters, which a server's text may contain, are replaced. */
    synchronized void say(String text) {
        err.println(text.replaceAll("\\p{Cntrl}", " "));
        err.flush();
    }
}
