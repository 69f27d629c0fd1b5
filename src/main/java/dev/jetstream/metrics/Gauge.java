package dev.jetstream.metrics;

/** A value that goes up and down and is not negative. Any thread may set it. The page shows it, as 0, from the start. */
public final class Gauge {
    private final kamon.metric.Gauge kamon;
    private volatile double last;

    Gauge(kamon.metric.Gauge kamon) {
        this.kamon = kamon;
    }

    /** Sets the value; a negative one counts as 0, because Kamon ignores it: see {@link SignedGauge}. */
    public void set(double value) {
        last = Math.max(0, value);
        kamon.update(last);
    }

    /** Adds to the value, or takes from it; no change of another thread's is lost. */
    public synchronized void add(double change) {
        set(last + change);
    }

    /** The value last set; 0 before the first. */
    public double value() {
        return last;
    }
}
