package dev.jetstream.journal.write;

import java.util.function.LongSupplier;

/**
 * The time by which events are too old. It is the wall clock's, unless that jumps ahead while the server runs: then it follows
 * at twice the pace of real time, or at once as far as the relay's frames confirm the jump. So a clock that is set wrong does not
 * empty the journal at once, and after downtime or a suspended machine nothing is kept for longer than configured. Not
 * thread-safe.
 */
final class RetentionClock {
    private static final long PACE = 2;
    private static final long NANOS_PER_MICRO = 1000;

    private final LongSupplier wallUs;
    private final LongSupplier nanoTime;
    private long nowUs;
    private long lastNanos;

    /**
     * @param wallUs unix microseconds; believed now, may jump later
     * @param nanoTime never jumps
     */
    RetentionClock(LongSupplier wallUs, LongSupplier nanoTime) {
        this.wallUs = wallUs;
        this.nanoTime = nanoTime;
        nowUs = wallUs.getAsLong();
        lastNanos = nanoTime.getAsLong();
    }

    /**
     * Unix microseconds.
     *
     * @param relayUs time of the newest frame by the relay's clock; 0: none yet
     */
    long nowUs(long relayUs) {
        long nanos = nanoTime.getAsLong();
        long steadyUs = nowUs + PACE * (nanos - lastNanos) / NANOS_PER_MICRO;
        nowUs = Math.min(wallUs.getAsLong(), Math.max(steadyUs, relayUs));
        lastNanos = nanos;
        return nowUs;
    }
}
