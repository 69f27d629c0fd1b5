package dev.jetstream.common;

import java.time.Duration;

/**
 * Exponential backoff with jitter between a minimum and a maximum wait.
 *
 * <p>Attempt n waits between {@code min * 2^n} and twice that, at most {@code max}. Not safe for concurrent use.
 */
public final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private int failures;

    public Backoff(Duration min, Duration max) {
        minNanos = Math.max(1, min.toNanos());
        maxNanos = Math.max(minNanos, max.toNanos());
    }

    /**
     * The wait after one more failure.
     *
     * @param random from 0 to below 1
     * @param asked wait that the other side asked for; it can lengthen the wait up to the maximum, but not shorten it
     */
    public Duration next(double random, Duration asked) {
        double ceiling = Math.min(maxNanos, minNanos * Math.pow(2, failures + 1));
        double floor = Math.max(minNanos, ceiling / 2);
        if (ceiling < maxNanos) {
            failures++;
        }
        long nanos = (long) (floor + random * Math.max(0, ceiling - floor));
        if (asked.compareTo(Duration.ofNanos(nanos)) > 0) {
            nanos = asked.compareTo(Duration.ofNanos(maxNanos)) > 0 ? maxNanos : asked.toNanos();
        }
        return Duration.ofNanos(nanos);
    }

    /** Starts over with the minimum wait. */
    public void reset() {
        failures = 0;
    }
}
