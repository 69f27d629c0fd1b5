package dev.jetstream.app;

import dev.jetstream.common.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the pipeline runs again, and when to give up.
 *
 * <p>It is restarted after an outage of the disk or the database for as long as that lasts. After {@link #MAX_FAULTS} other failures
 * without a block written in between, the next one is final. Not thread-safe.
 */
final class Restarts {
    static final int MAX_FAULTS = 5;

    private static final Duration MIN_BACKOFF = Duration.ofMillis(250);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    /** After a run of this length the backoff starts from its minimum. */
    private static final Duration GOOD_RUN = Duration.ofSeconds(30);

    private final Backoff backoff;
    private int faults;
    private long lastSequenceNr = -1;

    Restarts() {
        this(MIN_BACKOFF, MAX_BACKOFF);
    }

    Restarts(Duration minBackoff, Duration maxBackoff) {
        backoff = new Backoff(minBackoff, maxBackoff);
    }

    /**
     * A run failed, or could not start.
     *
     * @param outage whether a retry can help
     * @param sequenceNr number of the newest block
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
            backoff.reset();
        }
        return Optional.of(backoff.next(ThreadLocalRandom.current().nextDouble(), Duration.ZERO));
    }
}
