package dev.jetstream.metrics;

/** A distribution in buckets. Any thread may record. */
public final class Histogram {
    private final kamon.metric.Histogram kamon;
    private final double unitsPerOne;

    Histogram(kamon.metric.Histogram kamon, double unitsPerOne) {
        this.kamon = kamon;
        this.unitsPerOne = unitsPerOne;
    }

    /** Records one value, in the unit that the instrument's name ends with. */
    public void record(double value) {
        kamon.record(Math.max(0, Math.round(value * unitsPerOne)));
    }

    /** Records {@code times} times the same value. */
    public void record(double value, long times) {
        if (times > 0) {
            kamon.record(Math.max(0, Math.round(value * unitsPerOne)), times);
        }
    }
}
