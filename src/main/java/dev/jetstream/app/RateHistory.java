package dev.jetstream.app;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Events per second in each of the last five minutes' seconds: a ring to which {@link #sample()} adds. Any thread. */
final class RateHistory {
    static final int POINTS = 300;

    private final LongSupplier count;
    private final LongSupplier nanoTime;
    private final long[] ring = new long[POINTS];
    private long samples;
    private long lastCount;
    private long lastNanos;

    /**
     * @param count events so far; never decreases
     * @param nanoTime never steps back
     */
    RateHistory(LongSupplier count, LongSupplier nanoTime) {
        this.count = count;
        this.nanoTime = nanoTime;
        lastCount = count.getAsLong();
        lastNanos = nanoTime.getAsLong();
    }

    /** Adds a point for the time since the last one. Called once a second. */
    synchronized void sample() {
        long nowCount = count.getAsLong();
        long nowNanos = nanoTime.getAsLong();
        double seconds = (double) Math.max(1, nowNanos - lastNanos) / TimeUnit.SECONDS.toNanos(1);
        ring[(int) (samples % POINTS)] = Math.round((nowCount - lastCount) / seconds);
        samples++;
        lastCount = nowCount;
        lastNanos = nowNanos;
    }

    /** Events per second, oldest first. */
    synchronized long[] perSecond() {
        int held = (int) Math.min(samples, POINTS);
        long[] points = new long[held];
        for (int i = 0; i < held; i++) {
            points[i] = ring[(int) ((samples - held + i) % POINTS)];
        }
        return points;
    }
}
