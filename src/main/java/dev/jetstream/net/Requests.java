package dev.jetstream.net;

/** What answers one connection's requests, one after the other. Called on the connection's loop: it must not block. */
public interface Requests {
    /** A request's head. The next one comes only after {@link HttpConnection#next()}. */
    void onHead(RequestHead head);

    /** The answer is out. */
    void onSent();

    /** The connection is gone, or handed to a subscriber: nothing else comes. */
    void onGone();

    /** Makes what answers a new connection's requests. */
    interface Factory {
        Requests open(HttpConnection connection);
    }
}
