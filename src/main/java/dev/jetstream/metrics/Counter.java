package dev.jetstream.metrics;

import java.util.concurrent.atomic.LongAdder;

/** A count that only increases. Thread-safe. The page shows it, as 0, from the start. */
public final class Counter {
    private final kamon.metric.Counter kamon;
    private final LongAdder total = new LongAdder();

    Counter(kamon.metric.Counter kamon) {
        this.kamon = kamon;
    }

    /** Adds {@code n}, which must not be negative. */
    public void add(long n) {
        if (n != 0) {
            total.add(n);
            kamon.increment(n);
        }
    }

    public void increment() {
        add(1);
    }

    /** The count of this object, without that of others with the same name. */
    public long value() {
        return total.sum();
    }
}
