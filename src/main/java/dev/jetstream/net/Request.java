package dev.jetstream.net;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/** A request on a connection, which reads no further until it is answered. Any thread may call. */
public interface Request {
    RequestHead head();

    /** The peer at the other end of the TCP connection: the client, or a proxy. */
    InetAddress peer();

    /**
     * Counts this connection as one of a client behind a proxy.
     *
     * @return false when that client has all the connections that it may have
     */
    boolean claim(InetAddress client);

    /** Answers the requests of a listener. */
    interface Handler {
        /**
         * Answers one request. Called on the connection's loop: it must not block.
         *
         * @return the reply; where it fails, the connection is dropped
         */
        CompletionStage<Reply> answer(Request request);
    }
}
