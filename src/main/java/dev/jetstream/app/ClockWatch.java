package dev.jetstream.app;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Instruments;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs and counts steps of the wall clock, and shows how far the newest event is ahead of it. Event times and retention stay in
 * order all the same, but an operator must know why they differ from the clock. Not thread-safe.
 */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** Slow corrections of the clock move it by less at once. */
    private static final long STEP_US = TimeUnit.SECONDS.toMicros(1);

    private static final String STEPS_HELP =
            "Times that the wall clock was set by a second or more while the server ran";

    private final LongSupplier wallUs;
    private final LongSupplier nanoTime;
    private final LongSupplier newestUs;
    private final Counter back = Instruments.counter("jetstream_clock_steps", STEPS_HELP, "direction", "back");
    private final Counter forward = Instruments.counter("jetstream_clock_steps", STEPS_HELP, "direction", "forward");
    private final Gauge aheadSeconds = Instruments.gauge(
            "jetstream_newest_event_ahead_of_clock_seconds",
            "How far the newest event's time_us is ahead of the wall clock");
    private long offsetUs;
    private boolean ahead;

    /**
     * @param wallUs unix microseconds; may jump
     * @param nanoTime never jumps
     * @param newestUs the newest event's time; 0: none
     */
    ClockWatch(LongSupplier wallUs, LongSupplier nanoTime, LongSupplier newestUs) {
        this.wallUs = wallUs;
        this.nanoTime = nanoTime;
        this.newestUs = newestUs;
        offsetUs = offset(wallUs.getAsLong());
    }

    private long offset(long wall) {
        return wall - TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong());
    }

    /** Compares the clocks; called once a second. */
    void look() {
        long wall = wallUs.getAsLong();
        long offset = offset(wall);
        long step = offset - offsetUs;
        offsetUs = offset;
        if (Math.abs(step) >= STEP_US) {
            (step < 0 ? back : forward).increment();
            LOG.warn("the wall clock was set by_seconds={}; time_us and retention continue without a jump", step / 1e6);
        }
        long aheadUs = Math.max(0, newestUs.getAsLong() - wall);
        aheadSeconds.set(aheadUs / 1e6);
        if (!ahead && aheadUs >= STEP_US) {
            ahead = true;
            LOG.warn(
                    "the newest event is ahead of the wall clock by_seconds={}; new events follow it a microsecond apart,"
                            + " until the clock has caught up",
                    aheadUs / 1e6);
        } else if (ahead && aheadUs == 0) {
            ahead = false;
            LOG.info("the wall clock has passed the newest event: time_us follows the clock again");
        }
    }

    /** Steps back so far, in this process. */
    long stepsBack() {
        return back.value();
    }

    /** Steps forward so far, in this process. */
    long stepsForward() {
        return forward.value();
    }
}
