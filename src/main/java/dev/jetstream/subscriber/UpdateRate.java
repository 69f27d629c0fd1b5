package dev.jetstream.subscriber;

/** How often one client may send messages: a bucket of two seconds' worth, at least one. Used by the subscriber's actor alone. */
final class UpdateRate {
    private static final double NANOS = 1e-9;

    private final double perSecond;
    private final double most;
    private double left;
    private long filledAt;

    /** @param perSecond messages; 0: no limit */
    UpdateRate(double perSecond, long nowNanos) {
        this.perSecond = perSecond;
        most = Math.max(1, 2 * perSecond);
        left = most;
        filledAt = nowNanos;
    }

    /** Counts a message; says whether it is within the rate. */
    boolean admit(long nowNanos) {
        if (perSecond == 0) {
            return true;
        }
        left = Math.min(most, left + (nowNanos - filledAt) * NANOS * perSecond);
        filledAt = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
