package dev.jetstream.app;

import java.time.Instant;

/** The wall clock, in the unit of {@code time_us}. */
final class Clock {
    private Clock() {}

    /** Unix microseconds. */
    static long micros() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }
}
