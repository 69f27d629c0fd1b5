package dev.jetstream.app;

import dev.jetstream.config.SequenceConfig;
import java.util.function.DoubleToLongFunction;
import java.util.function.LongSupplier;

/**
 * Least time between two blocks, within the configured bounds: it grows with the subscribers, so that no more than some 33,000
 * a second are woken, since a wake-up costs a socket some ten microseconds however little there is to send; and with the
 * events, since a block has its price too, which the busier stream spreads over more of them.
 */
final class CutInterval implements DoubleToLongFunction {
    private static final long NANOS_PER_SUBSCRIBER = 30_000;
    /** Up to this pace the least interval holds: a live stream is then as prompt as it can be. */
    private static final double CALM_EVENTS_A_SECOND = 1_000;

    /** For each event a second above that. */
    private static final double NANOS_PER_EVENT = 15_000;

    private final long minNanos;
    private final long maxNanos;
    private final LongSupplier subscribers;

    CutInterval(SequenceConfig config, LongSupplier subscribers) {
        minNanos = config.minInterval().toNanos();
        maxNanos = config.maxInterval().toNanos();
        this.subscribers = subscribers;
    }

    /**
     * Nanoseconds. With the defaults: 4 ms up to 133 subscribers and 1,000 events a second; 19 ms at 2,000 events a second, 50
     * ms from 4,100 on; 30 ms with 1,000 subscribers, 50 ms from 1,667 on.
     */
    @Override
    public long applyAsLong(double eventsPerSecond) {
        double forEvents = minNanos + Math.max(0, eventsPerSecond - CALM_EVENTS_A_SECOND) * NANOS_PER_EVENT;
        double asked = Math.max(subscribers.getAsLong() * NANOS_PER_SUBSCRIBER, forEvents);
        return (long) Math.max(minNanos, Math.min(maxNanos, asked));
    }
}
