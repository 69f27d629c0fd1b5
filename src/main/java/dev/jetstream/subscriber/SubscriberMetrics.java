package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import dev.jetstream.metrics.Counter;
import dev.jetstream.metrics.Gauge;
import dev.jetstream.metrics.Histogram;
import dev.jetstream.metrics.Instruments;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Metrics of subscribers, and a list of the open connections. One instance per process; any thread. */
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
        /** Invalid or too many subscription options. */
        INVALID_OPTIONS,
        /** More options updates than allowed. */
        TOO_MANY_UPDATES,
        /** A message over the limit. */
        TOO_BIG,
        /** More large messages or filters at once than all clients together may have. */
        BUSY,
        /** Took no byte for the stall timeout. */
        TOO_SLOW,
        /** The server stops. */
        SHUTDOWN,
        /** A bug, or a journal that cannot be read. */
        INTERNAL_ERROR
    }

    /**
     * One open connection, as of its subscriber's last tick.
     *
     * @param client its address
     * @param state in lower case
     * @param collections in its filter; 0: all
     * @param dids in its filter; 0: all
     * @param behindEvents between its position and the tip, whether its filter lets them through or not
     * @param sentEvents since it connected
     * @param sinceUs when it connected, unix microseconds
     */
    public record ConnectionReport(
            String client, String state, int collections, int dids, long behindEvents, long sentEvents, long sinceUs) {}

    private final Counter eventsDelivered =
            Instruments.counter("jetstream_events_delivered", "Events handed to subscribers' sockets");
    private final Counter bytesDelivered =
            Instruments.counter("jetstream_bytes_delivered", "Bytes handed to subscribers' sockets, framing included");
    private final Counter optionsUpdates =
            Instruments.counter("jetstream_subscriber_options_updates", "Valid options updates received");
    private final Counter positionsGone = Instruments.counter(
            "jetstream_subscriber_positions_gone",
            "Readers whose position retention had deleted; they continued from the oldest block");
    private final Counter replays = Instruments.counter(
            "jetstream_subscriber_replays", "Subscriptions that started with a replay from a cursor");
    private final Gauge connected = Instruments.gauge("jetstream_subscribers_connected", "Open subscriptions");
    private final Histogram behind = Instruments.numbers(
            "jetstream_subscriber_behind_events", "Events between a subscriber's position and the tip, sampled");
    private final Map<State, Gauge> states = new EnumMap<>(State.class);
    private final Map<End, Counter> ends = new EnumMap<>(End.class);
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    public SubscriberMetrics() {
        for (State state : State.values()) {
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

    /** One subscriber's connection: its state, and why it ends. Used by its subscriber alone, but for the report. */
    final class Connection {
        private final String client;
        private final long sinceUs;
        private State state;
        private End end = End.GONE;
        private volatile ConnectionReport report;

        /** @param sinceUs now, unix microseconds */
        Connection(String client, long sinceUs, State first) {
            this.client = client;
            this.sinceUs = sinceUs;
            state = first;
        }

        /** Counts the connection in; {@link #close} counts it out. */
        void open() {
            connected.add(1);
            states.get(state).add(1);
            open.add(this);
        }

        /** A connection that is closing stays so. */
        void moveTo(State next) {
            if (state != next && state != State.CLOSING) {
                states.get(state).add(-1);
                states.get(next).add(1);
                state = next;
            }
        }

        /** Sets why it ends; by default, the client is gone. */
        void endsFor(End why) {
            end = why;
        }

        void report(Filter filter, long behindEvents, long sentEvents) {
            report = new ConnectionReport(
                    client,
                    label(state),
                    filter.collections().size(),
                    filter.dids().size(),
                    behindEvents,
                    sentEvents,
                    sinceUs);
        }

        /** The last call. */
        void close() {
            open.remove(this);
            states.get(state).add(-1);
            connected.add(-1);
            ends.get(end).increment();
        }
    }

    /** A connection ended because its subscriber could not be made. */
    void neverOpened() {
        ends.get(End.INTERNAL_ERROR).increment();
    }

    void delivered(long events, long bytes) {
        eventsDelivered.add(events);
        bytesDelivered.add(bytes);
    }

    void optionsUpdated() {
        optionsUpdates.increment();
    }

    /** A reader's position was older than the journal. */
    void positionGone() {
        positionsGone.increment();
    }

    void replayStarted() {
        replays.increment();
    }

    /** Samples how many events a subscriber is behind the tip. */
    void behind(long events) {
        behind.record(events);
    }

    /** Open subscriptions. */
    public int connected() {
        return (int) connected.value();
    }

    /** A report of each open connection, in no order. */
    public List<ConnectionReport> connections() {
        return open.stream().map(connection -> connection.report).toList();
    }

    /** Subscriptions in a state. */
    public int in(State state) {
        return (int) states.get(state).value();
    }

    /** Subscriptions ended for a reason so far. */
    public long ended(End why) {
        return ends.get(why).value();
    }
}
