package dev.jetstream.common;

import java.util.function.LongSupplier;

/** A token bucket: full at first, refilled evenly, holding at most one burst. Any thread. */
public final class TokenBucket {
    private static final double SECONDS_PER_NANO = 1e-9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private double left;
    private long filledAt;

    /**
     * @param perSecond what may be taken a second; 0: any number
     * @param burst what may be taken at once; 1 at least
     * @param nanoTime never steps back, and may overflow
     */
    public TokenBucket(double perSecond, double burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = Math.max(1, burst);
        this.nanoTime = nanoTime;
        left = this.burst;
        filledAt = nanoTime.getAsLong();
    }

    /** Takes one, where one is there; whether it was. */
    public synchronized boolean takeOne() {
        if (available() < 1) {
            return false;
        }
        take(1);
        return true;
    }

    /** How many may be taken now. */
    public synchronized int available() {
        if (perSecond == 0) {
            return Integer.MAX_VALUE;
        }
        long now = nanoTime.getAsLong();
        left = Math.min(burst, left + (now - filledAt) * SECONDS_PER_NANO * perSecond);
        filledAt = now;
        return (int) Math.max(0, left);
    }

    /** Takes so many, even if fewer are there: they are missing later. */
    public synchronized void take(int many) {
        if (perSecond != 0) {
            left -= many;
        }
    }
}
