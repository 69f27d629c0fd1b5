package dev.jetstream.metrics;

import dev.jetstream.metrics.EndpointMetrics.Refused;

/** What a listener tells of its connections. Any thread. */
public interface ListenerMetrics {
    /** Counts nothing. */
    ListenerMetrics NONE = new ListenerMetrics() {
        @Override
        public void connections(int open) {
            // Nobody asks.
        }

        @Override
        public void refused(Refused reason) {
            // Nobody asks.
        }
    };

    /** Open connections now. */
    void connections(int open);

    /** A connection or a request was turned away. */
    void refused(Refused reason);
}
