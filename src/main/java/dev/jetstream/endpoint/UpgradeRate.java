package dev.jetstream.endpoint;

import java.util.function.LongSupplier;

/** A bound on new streams a second, over all clients; a second's worth may come at once. Any thread. */
final class UpgradeRate {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int perSecond;
    private final LongSupplier nanoTime;
    private double tokens;
    private long lastNanos;

    /** Allows {@code perSecond} new streams a second; 0: any number. */
    UpgradeRate(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        tokens = perSecond;
        lastNanos = nanoTime.getAsLong();
    }

    /** Whether one more stream may begin now. */
    synchronized boolean allowsOne() {
        if (perSecond == 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        tokens = Math.min(perSecond, tokens + (now - lastNanos) / NANOS_PER_SECOND * perSecond);
        lastNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
