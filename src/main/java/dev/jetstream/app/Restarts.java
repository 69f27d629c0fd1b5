package dev.jetstream.app;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the pipeline is run again, and when that is given up.
 *
 * <p>An outage of the disk or the database passes by itself: then it is run again for ever. A fault of the program's own does
 * not: one that has come back {@link #MAX_FAULTS} times, with no block written in between, will come again. Not safe for
 * concurrent use.
 */
final class Restarts {
    static final int MAX_FAULTS = 5;

    private static final Duration MIN_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    /** A run that lasted this long was a good one: the next failure waits the least time again. */
    private static final Duration GOOD_RUN = Duration.ofSeconds(30);

    private final long minBackoffMillis;
    private final long maxBackoffMillis;
    private int failures;
    private int faults;
    private long lastSequenceNr = -1;

    Restarts() {
        this(MIN_BACKOFF, MAX_BACKOFF);
    }

    Restarts(Duration minBackoff, Duration maxBackoff) {
        minBackoffMillis = minBackoff.toMillis();
        maxBackoffMillis = maxBackoff.toMillis();
    }

    /**
     * A run failed, or could not be begun.
     *
     * @param outage whether that may pass by itself
     * @param sequenceNr number of the newest block written
     * @param ran how long the run lasted
     * @return how long to wait before the next; empty: give up
     */
    Optional<Duration> after(boolean outage, long sequenceNr, Duration ran) {
        if (sequenceNr > lastSequenceNr) {
            lastSequenceNr = sequenceNr;
            faults = 0;
        }
        if (!outage && ++faults > MAX_FAULTS) {
            return Optional.empty();
        }
        if (ran.compareTo(GOOD_RUN) >= 0) {
            failures = 0;
        }
        long most = Math.min(maxBackoffMillis, minBackoffMillis << Math.min(failures, 10));
        failures++;
        return Optional.of(
                Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1)));
    }
}
