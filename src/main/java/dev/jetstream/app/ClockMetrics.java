package dev.jetstream.app;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Instruments;

/** What the wall clock does. One instance per process; any thread. */
public final class ClockMetrics {
    private static final String STEPS_HELP =
            "Times that the wall clock was set by a second or more while the server ran";

    private final Counter back = Instruments.counter("jetstream_clock_steps", STEPS_HELP, "direction", "back");
    private final Counter forward = Instruments.counter("jetstream_clock_steps", STEPS_HELP, "direction", "forward");
    private final Gauge ahead = Instruments.gauge(
            "jetstream_newest_event_ahead_of_clock_seconds",
            "How far the newest event's time_us is ahead of the wall clock");

    /** It was set, by so many microseconds; below 0: back. */
    public void stepped(long micros) {
        (micros < 0 ? back : forward).increment();
    }

    /** How far the newest event's time is ahead of it; 0 when it is not. */
    public void newestAhead(long micros) {
        ahead.set(Math.max(0, micros / 1e6));
    }

    /** Steps back so far. */
    public long stepsBack() {
        return back.value();
    }

    /** Steps forward so far. */
    public long stepsForward() {
        return forward.value();
    }
}
