package dev.jetstream.sequence;

/** Events a second, over about the last second. Not thread-safe. */
final class Pace {
    private static final double HALF_LIFE_NANOS = 0.5e9;

    private double perSecond;

    /**
     * Counts events.
     *
     * @param nanos the time in which they came, above 0
     */
    void add(int events, long nanos) {
        double kept = Math.pow(0.5, nanos / HALF_LIFE_NANOS);
        perSecond = kept * perSecond + (1 - kept) * events * 1e9 / nanos;
    }

    double perSecond() {
        return perSecond;
    }
}
