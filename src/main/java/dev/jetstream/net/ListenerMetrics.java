package dev.jetstream.net;

/** What a listener tells of its connections. Any thread. */
public interface ListenerMetrics {
    /** Why a connection or a request was turned away before it was looked at. */
    enum Refused {
        /** No HTTP. */
        GARBAGE,
        /** Another version of HTTP than 1.x. */
        VERSION,
        /** A request with a body. */
        BODY,
        /** A body, and a method that is not answered. */
        METHOD,
        /** The head was not whole in time. */
        SLOW_HEAD,
        /** The head is over the size limit. */
        BIG_HEAD,
        /** Too many connections of one client address. */
        BUSY_ADDRESS,
        /** Too many connections. */
        BUSY,
        /** Too many unfinished heads at once. */
        BUSY_HEADS,
        /** Too many new streams a second. */
        UPGRADE_RATE
    }

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
