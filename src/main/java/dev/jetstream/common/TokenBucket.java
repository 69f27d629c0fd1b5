package dev.jetstream.common;

import java.util.function.LongSupplier;

/** A token bucket: initially full, refilled evenly, with room for one burst. Thread-safe. */
public final class TokenBucket {
    private static final double SECONDS_PER_NANO = 1e-9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private double left;
    private long filledAt;

    /**
     * @param perSecond tokens per second; 0 for no limit
     * @param burst tokens that can be taken at once, at least 1
     * @param nanoTime a monotonic clock, which may overflow
     */
    public TokenBucket(double perSecond, double burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = Math.max(1, burst);
        this.nanoTime = nanoTime;
        left = this.burst;
        filledAt = nanoTime.getAsLong();
    }

    /** Takes a token if there is one, and returns whether there was. */
    public synchronized boolean takeOne() {
        if (available() < 1) {
            return false;
        }
        take(1);
        return true;
    }

    /** The number of tokens. */
    public synchronized int available() {
        if (perSecond == 0) {
            return Integer.MAX_VALUE;
        }
        long now = nanoTime.getAsLong();
        left = Math.min(burst, left + (now - filledAt) * SECONDS_PER_NANO * perSecond);
        filledAt = now;
        return (int) Math.max(0, left);
    }

    /** Takes tokens, even if there are fewer: the bucket then owes the difference. */
    public synchronized void take(int many) {
        if (perSecond != 0) {
            left -= many;
        }
    }
}
