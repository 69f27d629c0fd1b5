package dev.jetstream.common;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A limit of one log line per ten seconds. Thread-safe. */
public final class LogThrottle {
    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final LongSupplier nanoTime;
    private final AtomicLong nextNanos;

    public LogThrottle() {
        this(System::nanoTime);
    }

    /** @param nanoTime a monotonic clock, which may overflow */
    public LogThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        nextNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether the caller may log now. The first call may. */
    public boolean permits() {
        long now = nanoTime.getAsLong();
        long next = nextNanos.get();
        return now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS);
    }
}
