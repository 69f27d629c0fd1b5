package dev.jetstream.app;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs and counts steps of the wall clock, and a newest event that is ahead of it: times and retention stay in order, but an
 * operator must know why they differ from the clock. Not thread-safe.
 */
final class ClockWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    /** What a clock is moved at once by more than a slow correction does. */
    private static final long STEP_US = TimeUnit.SECONDS.toMicros(1);

    private static final long NANOS_PER_MICRO = 1_000;

    private final LongSupplier wallUs;
    private final LongSupplier nanoTime;
    private final LongSupplier newestUs;
    private final ClockMetrics metrics;
    private long offsetUs;
    private boolean ahead;

    /**
     * @param wallUs unix microseconds; may jump
     * @param nanoTime never jumps
     * @param newestUs the newest event's time; 0: none
     */
    ClockWatch(LongSupplier wallUs, LongSupplier nanoTime, LongSupplier newestUs, ClockMetrics metrics) {
        this.wallUs = wallUs;
        this.nanoTime = nanoTime;
        this.newestUs = newestUs;
        this.metrics = metrics;
        offsetUs = offset(wallUs.getAsLong());
    }

    private long offset(long wall) {
        return wall - nanoTime.getAsLong() / NANOS_PER_MICRO;
    }

    /** One look. */
    void look() {
        long wall = wallUs.getAsLong();
        long offset = offset(wall);
        long step = offset - offsetUs;
        offsetUs = offset;
        if (Math.abs(step) >= STEP_US) {
            metrics.stepped(step);
            LOG.warn("the wall clock was set by_seconds={}; time_us and retention go on without a jump", step / 1e6);
        }
        long aheadUs = Math.max(0, newestUs.getAsLong() - wall);
        metrics.newestAhead(aheadUs);
        tellIfAhead(aheadUs);
    }

    private void tellIfAhead(long aheadUs) {
        if (!ahead && aheadUs >= STEP_US) {
            ahead = true;
            LOG.warn(
                    "the newest event is ahead of the wall clock by_seconds={}; new ones follow it a microsecond apart,"
                            + " until the clock is there",
                    aheadUs / 1e6);
        } else if (ahead && aheadUs == 0) {
            ahead = false;
            LOG.info("the wall clock has passed the newest event: time_us is its time again");
        }
    }
}
