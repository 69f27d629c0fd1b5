package dev.jetstream.app;

import dev.jetstream.config.SequenceConfig;
import java.util.function.DoubleToLongFunction;
import java.util.function.LongSupplier;

/**
 * Least time between two blocks, within the configured bounds: it grows with the subscribers, so that no more than some
 * 33,000 a second are woken, since a wake-up costs a socket some ten microseconds however little there is to send; and with the events, since a
 * block has its price too, which the busier stream spreads over more of them.
 */
final class CutInterval implements DoubleToLongFunction {
    private static final long NANOS_PER_SUBSCRIBER = 30_000;
    private static final double NANOS_PER_EVENT_A_SECOND = 5_000;

    /** From here on a block holds so many events that its price is small beside theirs. */
    private static final double MOST_NANOS_FOR_EVENTS = 20e6;

    private final long minNanos;
    private final long maxNanos;
    private final LongSupplier subscribers;

    CutInterval(SequenceConfig config, LongSupplier subscribers) {
        minNanos = config.minInterval().toNanos();
        maxNanos = config.maxInterval().toNanos();
        this.subscribers = subscribers;
    }

    /**
     * Nanoseconds. With the defaults: 5 ms up to 166 subscribers and 1,000 events a second; 20 ms from 4,000 events a second on; 30
     * ms with 1,000 subscribers, 50 ms from 1,667 on.
     */
    @Override
    public long applyAsLong(double eventsPerSecond) {
        long asked = Math.max(subscribers.getAsLong() * NANOS_PER_SUBSCRIBER, (long)
                Math.min(MOST_NANOS_FOR_EVENTS, eventsPerSecond * NANOS_PER_EVENT_A_SECOND));
        return Math.max(minNanos, Math.min(maxNanos, asked));
    }
}
