package dev.jetstream.app;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** How many events passed in each of the last seconds: a ring of points, one added with each {@link #sample()}. Any thread. */
final class RateHistory {
    /** Five minutes. */
    static final int POINTS = 300;

    /** Time between two samples. */
    static final long INTERVAL_MILLIS = 1_000;

    /**
     * The points.
     *
     * @param perSecond events a second, oldest first
     */
    record Points(long[] perSecond) {
        /** The newest point; 0 before the first. */
        long now() {
            return perSecond.length == 0 ? 0 : perSecond[perSecond.length - 1];
        }
    }

    private final LongSupplier count;
    private final LongSupplier nanoTime;
    private final long[] ring = new long[POINTS];
    private long samples;
    private long lastCount;
    private long lastNanos;

    /**
     * @param count events so far; never steps back
     * @param nanoTime never steps back
     */
    RateHistory(LongSupplier count, LongSupplier nanoTime) {
        this.count = count;
        this.nanoTime = nanoTime;
        lastCount = count.getAsLong();
        lastNanos = nanoTime.getAsLong();
    }

    /** Adds a point for the time since the last one. To be called once in {@link #INTERVAL_MILLIS}. */
    synchronized void sample() {
        long nowCount = count.getAsLong();
        long nowNanos = nanoTime.getAsLong();
        double seconds = (double) Math.max(1, nowNanos - lastNanos) / TimeUnit.SECONDS.toNanos(1);
        ring[(int) (samples % POINTS)] = Math.round((nowCount - lastCount) / seconds);
        samples++;
        lastCount = nowCount;
        lastNanos = nowNanos;
    }

    synchronized Points points() {
        int held = (int) Math.min(samples, POINTS);
        long[] points = new long[held];
        for (int i = 0; i < held; i++) {
            points[i] = ring[(int) ((samples - held + i) % POINTS)];
        }
        return new Points(points);
    }
}
