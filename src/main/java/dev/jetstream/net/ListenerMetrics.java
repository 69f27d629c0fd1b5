package dev.jetstream.net;

/** What a listener reports of its connections. Any thread. */
public interface ListenerMetrics {
    /** Counts nothing. */
    ListenerMetrics NONE = new ListenerMetrics() {
        @Override
        public void connections(int open) {}

        @Override
        public void refused(Refusal reason) {}
    };

    /** The number of open connections has changed. */
    void connections(int open);

    /** A connection or a request was turned away. */
    void refused(Refusal reason);
}
