package dev.jetstream.sequence;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The minimum time between two blocks. It grows with the number of subscribers, since each block wakes all of them, and with the
 * rate of events, since each block has a fixed cost. Written by the sequencer's thread, read by any.
 */
public final class BlockInterval {
    private static final long NANOS_PER_SUBSCRIBER = 100_000;

    /** Up to this rate the configured minimum applies. */
    private static final double CALM_EVENTS_PER_SECOND = 1_000;

    /** For each event per second above that. */
    private static final double NANOS_PER_EVENT = 15_000;

    private static final double HALF_LIFE_NANOS = 0.5e9;

    private final long minNanos;
    private final long maxNanos;
    private final LongSupplier subscribers;
    private volatile double eventsPerSecond;

    /** @param subscribers how many there are now */
    public BlockInterval(Duration min, Duration max, LongSupplier subscribers) {
        minNanos = min.toNanos();
        maxNanos = max.toNanos();
        this.subscribers = subscribers;
    }

    /**
     * Nanoseconds. With the defaults: 15 ms up to 150 subscribers and 1,000 events a second; 30 ms at 2,000 events a second;
     * 100 ms from 1,000 subscribers or 6,667 events a second.
     */
    public long nanos() {
        double forEvents = minNanos + Math.max(0, eventsPerSecond - CALM_EVENTS_PER_SECOND) * NANOS_PER_EVENT;
        double forSubscribers = (double) subscribers.getAsLong() * NANOS_PER_SUBSCRIBER;
        return (long) Math.max(minNanos, Math.min(maxNanos, Math.max(forSubscribers, forEvents)));
    }

    /**
     * Counts a block.
     *
     * @param nanos time since the block before it, above 0
     */
    void onBlock(int events, long nanos) {
        double kept = Math.pow(0.5, nanos / HALF_LIFE_NANOS);
        eventsPerSecond = kept * eventsPerSecond + (1 - kept) * events * 1e9 / nanos;
    }

    /** Events per second, over about the last second. */
    double eventsPerSecond() {
        return eventsPerSecond;
    }
}
