package dev.jetstream.metrics;

/** A value that goes up and down; it may be negative or NaN. Thread-safe. The page shows it, as 0, from the start. */
public final class Gauge {
    private volatile double value;

    Gauge() {}

    public synchronized void set(double newValue) {
        value = newValue;
    }

    /** Adds to the value, or subtracts from it. */
    public synchronized void add(double change) {
        value += change;
    }

    /** The current value; 0 at first. */
    public double value() {
        return value;
    }
}
