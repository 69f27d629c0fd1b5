package dev.jetstream.journal.write;

import java.util.function.LongSupplier;

/**
 * The time by which events are judged too old: the wall clock's, but where that jumps ahead, this one follows at twice the pace
 * of real time only. So a clock that is wrong for a while, or was at the start, does not delete everything at once. Not
 * thread-safe.
 */
public final class RetentionClock {
    private static final long PACE = 2;
    private static final long NANOS_PER_MICRO = 1000;

    private final LongSupplier wallUs;
    private final LongSupplier nanoTime;
    private long nowUs;
    private long lastNanos;

    /**
     * @param wallUs unix microseconds; may jump
     * @param nanoTime never jumps
     * @param newestUs the newest event's time, unix microseconds; 0: none
     */
    public RetentionClock(LongSupplier wallUs, LongSupplier nanoTime, long newestUs) {
        this.wallUs = wallUs;
        this.nanoTime = nanoTime;
        nowUs = newestUs == 0 ? wallUs.getAsLong() : newestUs;
        lastNanos = nanoTime.getAsLong();
    }

    /** Unix microseconds. */
    long nowUs() {
        long nanos = nanoTime.getAsLong();
        nowUs = Math.min(wallUs.getAsLong(), nowUs + PACE * (nanos - lastNanos) / NANOS_PER_MICRO);
        lastNanos = nanos;
        return nowUs;
    }
}
