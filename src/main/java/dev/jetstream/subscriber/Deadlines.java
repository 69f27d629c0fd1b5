package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import java.time.Duration;

/**
 * Deadlines of a connection: ping when idle, disconnect when stalled, abort an unfinished close. Pure; times are nanoseconds of one
 * clock that never steps back.
 */
final class Deadlines {
    /** What is due. */
    enum Due {
        IN_TIME,
        KEEP_ALIVE,
        STALLED,
        CLOSE_OVERDUE
    }

    private final long pingNanos;
    private final long stallNanos;
    private final long closeNanos;
    private boolean closing;
    private long closingSince;

    Deadlines(SubscriberConfig config) {
        pingNanos = config.pingInterval().toNanos();
        stallNanos = config.stallTimeout().toNanos();
        closeNanos = config.closeTimeout().toNanos();
    }

    /** How often to check the clock. */
    Duration checkEvery() {
        return Duration.ofNanos(Math.min(pingNanos, stallNanos) / 4);
    }

    /** The close frame is queued now. */
    void closing(long now) {
        closing = true;
        closingSince = now;
    }

    /**
     * @param lastSent when the socket last took bytes
     * @param blocked whether bytes wait for the socket
     */
    Due at(long now, long lastSent, boolean blocked) {
        if (closing && now - closingSince >= closeNanos) {
            return Due.CLOSE_OVERDUE;
        }
        if (blocked) {
            return now - lastSent >= stallNanos ? Due.STALLED : Due.IN_TIME;
        }
        return !closing && now - lastSent >= pingNanos ? Due.KEEP_ALIVE : Due.IN_TIME;
    }
}
