package dev.jetstream.upstream;

import java.util.concurrent.TimeUnit;

/**
 * How long the reader of a busy relay rests before it reads on. Each batch costs its wake-ups and hand-overs, whatever is in
 * it; a relay that sends thousands of frames a second one by one would pay that for each. Blocks are cut at twenty milliseconds
 * and more at such a pace, so the few that a rest takes are not missed. Not thread-safe.
 */
final class ReadRest {
    private static final double BUSY_FRAMES_A_SECOND = 2_000;
    private static final int ENOUGH_FRAMES = 32;
    private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(8);
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private long windowFrom;
    private long inWindow;
    private double framesASecond;

    /** Begins anew, at a time of {@link Timing#nanoTime}. */
    void start(long now) {
        windowFrom = now;
        inWindow = 0;
        framesASecond = 0;
    }

    /**
     * Counts a batch.
     *
     * @return nanoseconds to rest behind it; 0: none
     */
    long after(int frames, long now) {
        inWindow += frames;
        long past = now - windowFrom;
        if (past >= WINDOW_NANOS) {
            framesASecond = inWindow * 1e9 / past;
            windowFrom = now;
            inWindow = 0;
        }
        return frames >= ENOUGH_FRAMES || framesASecond < BUSY_FRAMES_A_SECOND
                ? 0
                : Math.min(MAX_NANOS, (long) (ENOUGH_FRAMES * 1e9 / framesASecond));
    }
}
