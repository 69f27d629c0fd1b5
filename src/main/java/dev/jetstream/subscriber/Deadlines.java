package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import java.time.Duration;

/**
 * When a silent connection is shown a sign of life, one that takes nothing is given up, and one whose close frame does not go out
 * is cut off. Pure: times are those of one clock that never steps back, in nanoseconds. Used by the subscriber's actor alone.
 */
final class Deadlines {
    /** What the clock demands. */
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

    /** How often to look at the clock. */
    Duration lookEvery() {
        return Duration.ofNanos(Math.min(pingNanos, stallNanos) / 4);
    }

    /** The close frame is on its way from now on. */
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
