package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stream's position: decides the next connection's cursor and which events are repeats.
 *
 * <ul>
 *   <li>A server's {@code time_us} only rises, and a replay includes the event at the cursor. So an event of the same host that
 *       is not later than the last one is a repeat, except one with the same time and a different text: old servers assigned
 *       equal times.
 *   <li>A time that is more than {@link #CLOCK_STEP} before the last one means that the server's clock was set back, not a repeat.
 *   <li>Another host has another clock: the cursor is rewound there, and the host's first event is always new. Events of the
 *       rewound window are delivered again.
 *   <li>A live stream that loses its connection before its first event resumes from the time it was opened, by our own clock.
 * </ul>
 *
 * <p>Safe for any thread.
 */
final class ResumePoint {
    static final Duration CLOCK_STEP = Duration.ofMinutes(1);

    private static final int MAX_TIES = 1_024;

    private final OptionalLong start;
    private final long rewindUs;

    private @Nullable URI host;
    private @Nullable URI lastHost;
    private boolean any;
    private long lastUs;
    private boolean allTiesHandled;
    private final Set<String> ties = new HashSet<>();
    private OptionalLong liveSince = OptionalLong.empty();
    private @Nullable URI liveHost;

    /**
     * @param start the user's cursor; empty: live
     * @param handled whether the events at {@code start} have been handled
     */
    ResumePoint(OptionalLong start, boolean handled, Duration rewindOnHostSwitch) {
        this.start = start;
        this.rewindUs = rewindOnHostSwitch.toNanos() / 1_000;
        if (handled && start.isPresent()) {
            any = true;
            lastUs = start.getAsLong();
            allTiesHandled = true;
        }
    }

    /** The cursor for this host; empty: live. */
    synchronized OptionalLong cursorFor(URI next) {
        if (any) {
            return OptionalLong.of(lastHost == null || lastHost.equals(next) ? lastUs : lastUs - rewindUs);
        }
        if (start.isPresent() || liveSince.isEmpty()) {
            return start;
        }
        long since = liveSince.getAsLong();
        return OptionalLong.of(next.equals(liveHost) ? since : since - rewindUs);
    }

    /** Records that a connection to this host is open; its events follow. */
    synchronized void connected(URI to, long nowUs) {
        host = to;
        if (any && lastHost == null) {
            lastHost = to;
        }
        if (!any && liveSince.isEmpty()) {
            liveSince = OptionalLong.of(nowUs);
            liveHost = to;
        }
    }

    /** Whether the next event of the connected host is new; if so, the position moves to it. */
    synchronized boolean isNew(long timeUs, String json) {
        if (any && Objects.equals(host, lastHost)) {
            if (timeUs == lastUs) {
                return !allTiesHandled && (ties.size() >= MAX_TIES || ties.add(json));
            }
            if (timeUs < lastUs && lastUs - timeUs <= CLOCK_STEP.toNanos() / 1_000) {
                return false;
            }
        }
        any = true;
        lastHost = host;
        lastUs = timeUs;
        allTiesHandled = false;
        ties.clear();
        ties.add(json);
        return true;
    }
}
