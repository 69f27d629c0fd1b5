package dev.jetstream.client;

import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Finds the cursor that is safe to store where several threads handle events and finish out of order: everything up to it is
 * finished.
 *
 * <p>Call {@link #started} in the order of delivery, so in {@code onNext}, and {@link #finished} from any thread. It is bounded:
 * {@code started} waits while too many events are unfinished, which holds the stream back.
 */
public final class AckTracker {
    private final int maxUnfinished;
    /** How many events of a time are unfinished. */
    private final TreeMap<Long, Integer> open = new TreeMap<>();

    private int unfinished;
    private long lastStarted = TimeUs.MISSING;

    /** @throws IllegalArgumentException when the bound is below 1 */
    public AckTracker(int maxUnfinished) {
        if (maxUnfinished < 1) {
            throw new IllegalArgumentException("maxUnfinished must be 1 or more, but is " + maxUnfinished);
        }
        this.maxUnfinished = maxUnfinished;
    }

    /**
     * Notes that an event is being handled; waits for room. Never call it from a thread that {@link #finished} waits for.
     *
     * @throws InterruptedException when interrupted while waiting; the event is not noted then
     */
    public synchronized void started(long timeUs) throws InterruptedException {
        while (unfinished >= maxUnfinished) {
            wait();
        }
        unfinished++;
        open.merge(timeUs, 1, Integer::sum);
        lastStarted = timeUs;
    }

    /**
     * Notes that an event has been handled.
     *
     * @throws IllegalStateException when no event of this time is unfinished
     */
    public synchronized void finished(long timeUs) {
        Integer count = open.get(timeUs);
        if (count == null) {
            throw new IllegalStateException("no unfinished event of time_us " + timeUs);
        }
        if (count == 1) {
            open.remove(timeUs);
        } else {
            open.put(timeUs, count - 1);
        }
        unfinished--;
        notifyAll();
    }

    /** What to give to {@link JetstreamOptionsBuilder#resumeAfter(long)}: nothing unfinished is lost by it. Empty at first. */
    public synchronized OptionalLong cursor() {
        if (lastStarted == TimeUs.MISSING) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(open.isEmpty() ? lastStarted : open.firstKey() - 1);
    }
}
