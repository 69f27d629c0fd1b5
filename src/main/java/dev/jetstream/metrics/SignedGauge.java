package dev.jetstream.metrics;

/** A gauge that may be negative or NaN, which Kamon's may not: the page writes it by itself. Any thread may set it. */
public final class SignedGauge {
    private volatile double last;

    SignedGauge() {}

    public void set(double value) {
        last = value;
    }

    /** The value last set; 0 before the first. */
    public double value() {
        return last;
    }
}
