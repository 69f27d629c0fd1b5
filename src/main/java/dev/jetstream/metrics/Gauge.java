package dev.jetstream.metrics;

/** A value that goes up and down. Any thread may set it. */
public final class Gauge {
    private final kamon.metric.Gauge kamon;
    private volatile double last;

    Gauge(kamon.metric.Gauge kamon) {
        this.kamon = kamon;
        kamon.update(0);
    }

    public void set(double value) {
        last = value;
        kamon.update(value);
    }

    /** The value last set; 0 before the first. */
    public double value() {
        return last;
    }
}
