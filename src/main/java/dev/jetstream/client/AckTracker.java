package dev.jetstream.client;

import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The cursor that is safe to store when several threads handle events and finish out of order: every event up to it is finished.
 *
 * <p>Call {@link #started} in delivery order, in {@code onNext}, and {@link #finished} from any thread. {@code started} blocks
 * while too many events are unfinished, which slows the stream down.
 */
public final class AckTracker {
    private final int maxUnfinished;
    /** The number of unfinished events by time. */
    private final TreeMap<Long, Integer> open = new TreeMap<>();

    private int unfinished;
    private long lastStarted = EventLine.NO_TIME;

    /** @throws IllegalArgumentException when the bound is below 1 */
    public AckTracker(int maxUnfinished) {
        if (maxUnfinished < 1) {
            throw new IllegalArgumentException("maxUnfinished must be 1 or more, but is " + maxUnfinished);
        }
        this.maxUnfinished = maxUnfinished;
    }

    /**
     * Records that an event is being handled; blocks while there is no room. A thread that must call {@link #finished} to make
     * room must not call it.
     *
     * @throws InterruptedException when interrupted while waiting; the event is then not recorded
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
     * Records that an event has been handled.
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

    /** The cursor for {@link JetstreamOptions.Builder#resumeAfter(long)} that loses no unfinished event. Empty at first. */
    public synchronized OptionalLong cursor() {
        if (lastStarted == EventLine.NO_TIME) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(open.isEmpty() ? lastStarted : open.firstKey() - 1);
    }
}
