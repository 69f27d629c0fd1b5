package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.subscriber.SubscriberMetrics.State;

/**
 * How one subscriber fares, as the metrics and the list of connections tell it: its state, and why it ended. Used by its actor
 * alone.
 */
final class SubscriberStatus {
    private final SubscriberMetrics metrics;
    private final String client;
    private final long sinceUs;
    private State state;
    private End end = End.GONE;

    SubscriberStatus(SubscriberMetrics metrics, String client, long sinceUs, State first) {
        this.metrics = metrics;
        this.client = client;
        this.sinceUs = sinceUs;
        state = first;
    }

    /** Counts it in; {@link #gone()} counts it out. */
    void begin() {
        metrics.opened(state);
    }

    /** There is no way back from closing. */
    void moveTo(State next) {
        if (state != next && state != State.CLOSING) {
            metrics.moved(state, next);
            state = next;
        }
    }

    /** Why it is about to end; unless told, the client has gone. */
    void endsFor(End why) {
        end = why;
    }

    /** Counts it out; the last call. */
    void gone() {
        metrics.closed(state, end);
    }

    ConnectionReport report(Filter filter, long behindEvents, long sentEvents) {
        return new ConnectionReport(
                client,
                ConnectionReport.label(state),
                filter.collections().size(),
                filter.dids().size(),
                behindEvents,
                sentEvents,
                sinceUs);
    }
}
