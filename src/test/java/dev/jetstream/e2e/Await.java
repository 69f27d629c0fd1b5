package dev.jetstream.e2e;

import dev.jetstream.Patience;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, with a deadline. */
final class Await {
    static final Duration PATIENCE = Patience.LIMIT;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Await() {}

    /** @param state says how far it came, for the failure's text */
    static void until(BooleanSupplier condition, Supplier<String> state) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not happen within " + PATIENCE + ": " + state.get());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
