package dev.jetstream.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** The pause before the next attempt: doubles from {@code min} to {@code max}, each time between half of that and all of it. */
final class Backoff {
    private final long minMs;
    private final long maxMs;
    private final DoubleSupplier random;
    private long nextMs;

    /** @param random gives numbers from 0 to 1 */
    Backoff(Duration min, Duration max, DoubleSupplier random) {
        this.minMs = min.toMillis();
        this.maxMs = max.toMillis();
        this.random = random;
        reset();
    }

    Duration next() {
        long pauseMs = nextMs;
        nextMs = Math.min(maxMs, nextMs * 2);
        return Duration.ofMillis(pauseMs / 2 + (long) (random.getAsDouble() * (pauseMs - pauseMs / 2)));
    }

    void reset() {
        nextMs = minMs;
    }
}
