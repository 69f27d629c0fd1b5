package dev.jetstream.subscriber;

import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Histogram;
import dev.jetstream.metrics.Instruments;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** What the subscribers get and how they fare. One instance per process; any thread. */
public final class SubscriberMetrics {
    /** What a subscriber is doing. */
    public enum State {
        AWAITING_HELLO,
        READING,
        TAILING,
        CLOSING
    }

    /** Why a subscriber's connection ended. */
    public enum End {
        /** The client sent a close frame. */
        CLIENT_CLOSED,
        /** The connection broke without one. */
        GONE,
        /** The client broke the websocket protocol. */
        PROTOCOL_ERROR,
        /** Not JSON, of the wrong shape, not UTF-8. */
        BAD_DATA,
        /** Invalid or too many wishes. */
        INVALID_OPTIONS,
        /** More options updates than allowed. */
        TOO_MANY_UPDATES,
        /** A message over the limit. */
        TOO_BIG,
        /** Large messages or wishes, more at once than all clients together may have. */
        BUSY,
        /** Took no byte for the stall timeout. */
        TOO_SLOW,
        /** The server stops. */
        SHUTDOWN,
        /** A bug, or a journal that cannot be read. */
        INTERNAL_ERROR
    }

    private final Counter eventsDelivered =
            Instruments.counter("jetstream_events_delivered", "Events handed to subscribers' sockets");
    private final Counter bytesDelivered =
            Instruments.counter("jetstream_bytes_delivered", "Bytes handed to subscribers' sockets, framing included");
    private final Counter optionsUpdates =
            Instruments.counter("jetstream_subscriber_options_updates", "Valid options updates received");
    private final Counter positionsGone = Instruments.counter(
            "jetstream_subscriber_positions_gone",
            "Readers whose position retention had taken; they went on from the oldest block");
    private final Counter replays =
            Instruments.counter("jetstream_subscriber_replays", "Subscriptions that began with a replay from a cursor");
    private final Gauge connected = Instruments.gauge("jetstream_subscribers_connected", "Open subscriptions");
    private final Histogram behind = Instruments.numbers(
            "jetstream_subscriber_behind_events", "Events between a subscriber's position and the tip, sampled");
    private final Map<State, Gauge> states = new EnumMap<>(State.class);
    private final Map<State, AtomicInteger> counts = new EnumMap<>(State.class);
    private final Map<End, Counter> ends = new EnumMap<>(End.class);
    private final AtomicInteger open = new AtomicInteger();

    public SubscriberMetrics() {
        for (State state : State.values()) {
            counts.put(state, new AtomicInteger());
            states.put(
                    state, Instruments.gauge("jetstream_subscribers", "Subscriptions by state", "state", label(state)));
        }
        for (End end : End.values()) {
            ends.put(
                    end,
                    Instruments.counter(
                            "jetstream_subscriber_closes", "Ended subscriptions by reason", "reason", label(end)));
        }
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A subscriber begins in this state. */
    public void opened(State state) {
        open.incrementAndGet();
        connected.add(1);
        add(state, 1);
    }

    public void moved(State from, State to) {
        if (from != to) {
            add(from, -1);
            add(to, 1);
        }
    }

    /** A subscriber's connection is gone. */
    public void closed(State state, End why) {
        open.decrementAndGet();
        connected.add(-1);
        add(state, -1);
        ends.get(why).increment();
    }

    private void add(State state, int change) {
        counts.get(state).addAndGet(change);
        states.get(state).add(change);
    }

    public void delivered(long events, long bytes) {
        eventsDelivered.add(events);
        bytesDelivered.add(bytes);
    }

    public void optionsUpdated() {
        optionsUpdates.increment();
    }

    /** A reader's position was older than the journal. */
    public void positionGone() {
        positionsGone.increment();
    }

    public void replayStarted() {
        replays.increment();
    }

    /** A sample of how far a subscriber is behind the tip, in events. */
    public void behind(long events) {
        behind.record(events);
    }

    /** Open subscriptions. */
    public int connected() {
        return open.get();
    }

    /** Subscriptions in a state. */
    public int in(State state) {
        return counts.get(state).get();
    }

    /** Subscriptions ended for a reason so far. */
    public long ended(End why) {
        return ends.get(why).value();
    }
}
