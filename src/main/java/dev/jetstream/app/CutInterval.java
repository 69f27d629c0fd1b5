package dev.jetstream.app;

import dev.jetstream.config.SequenceConfig;
import java.util.function.LongSupplier;

/**
 * Least time between two blocks: as long as it takes that no more than 50,000 subscribers a second are woken, within the
 * configured bounds. A wake-up costs a subscriber's socket some ten microseconds, hardly less when there is little to send.
 */
final class CutInterval implements LongSupplier {
    private static final long NANOS_PER_SUBSCRIBER = 20_000;

    private final long minNanos;
    private final long maxNanos;
    private final LongSupplier subscribers;

    CutInterval(SequenceConfig config, LongSupplier subscribers) {
        minNanos = config.minInterval().toNanos();
        maxNanos = config.maxInterval().toNanos();
        this.subscribers = subscribers;
    }

    /** Nanoseconds: the least interval up to 250 subscribers with the defaults, the greatest from 1,000 on. */
    @Override
    public long getAsLong() {
        return Math.max(minNanos, Math.min(maxNanos, subscribers.getAsLong() * NANOS_PER_SUBSCRIBER));
    }
}
