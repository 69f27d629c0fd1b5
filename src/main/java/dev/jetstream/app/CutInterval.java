package dev.jetstream.app;

import dev.jetstream.config.SequenceConfig;
import java.util.function.LongSupplier;

/**
 * Least time between two blocks: it grows with the number of subscribers, since each block wakes every one of them, and the cost
 * of that hardly depends on how many events are in it.
 */
final class CutInterval implements LongSupplier {
    private static final double MANY_SUBSCRIBERS = 1_000;

    private final long minNanos;
    private final long maxNanos;
    private final LongSupplier subscribers;

    CutInterval(SequenceConfig config, LongSupplier subscribers) {
        minNanos = config.minInterval().toNanos();
        maxNanos = config.maxInterval().toNanos();
        this.subscribers = subscribers;
    }

    /** Nanoseconds: the least interval for none, the greatest for 1,000 and more. */
    @Override
    public long getAsLong() {
        double share = Math.min(1, subscribers.getAsLong() / MANY_SUBSCRIBERS);
        return minNanos + (long) (share * (maxNanos - minNanos));
    }
}
