package dev.jetstream.upstream;

import java.util.concurrent.TimeUnit;

/** Lets one log line through per interval. For one thread. */
final class LogThrottle {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private boolean used;
    private long lastNanos;

    boolean permits(long nowNanos) {
        if (used && nowNanos - lastNanos < INTERVAL_NANOS) {
            return false;
        }
        used = true;
        lastNanos = nowNanos;
        return true;
    }
}
