package dev.jetstream.upstream;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Time and randomness, replaceable in tests. */
interface Timing {
    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** Waits for {@code duration}, or until the latch opens. */
    void pause(Duration duration, CountDownLatch stopped) throws InterruptedException;

    /** A uniform number from 0 to below 1. */
    double random();

    static Timing system() {
        return new Timing() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void pause(Duration duration, CountDownLatch stopped) throws InterruptedException {
                // The caller checks the latch itself.
                boolean ignored = stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
            }

            @Override
            public double random() {
                return ThreadLocalRandom.current().nextDouble();
            }
        };
    }
}
