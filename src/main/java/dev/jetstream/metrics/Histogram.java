package dev.jetstream.metrics;

/** A distribution in buckets. Thread-safe. */
public final class Histogram {
    private final kamon.metric.Histogram kamon;
    private final double unitsPerOne;

    Histogram(kamon.metric.Histogram kamon, double unitsPerOne) {
        this.kamon = kamon;
        this.unitsPerOne = unitsPerOne;
    }

    /** Records a value, in the unit that the instrument's name ends with. */
    public void record(double value) {
        record(value, 1);
    }

    /** Records the same value {@code times} times. */
    public void record(double value, long times) {
        if (times > 0) {
            kamon.record(Math.max(0, Math.round(value * unitsPerOne)), times);
        }
    }
}
