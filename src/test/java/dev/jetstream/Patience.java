package dev.jetstream;

import java.time.Duration;

/**
 * The deadline of every wait in the tests. It only ends a hang: no test asserts how long something takes, and a slow or busy
 * machine must not reach it.
 */
public final class Patience {
    public static final Duration LIMIT = Duration.ofMinutes(2);
    public static final long SECONDS = LIMIT.toSeconds();
    public static final int MILLIS = (int) LIMIT.toMillis();

    private Patience() {}
}
