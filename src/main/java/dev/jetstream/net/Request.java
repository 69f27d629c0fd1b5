package dev.jetstream.net;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A request on a connection, which reads no further until it is answered. Any thread may call. */
public interface Request {
    RequestHead head();

    /** The peer of the TCP connection: the client, or a proxy. */
    InetAddress peer();

    /**
     * Counts this connection as one of a client that connects through a proxy.
     *
     * @return false when that client has as many connections as it may have
     */
    boolean claim(InetAddress client);

    /** Answers the requests of a listener. */
    interface Handler {
        /**
         * Answers one request. Called on the connection's loop: it must not block.
         *
         * @return the reply; if it fails, the connection is dropped
         */
        CompletionStage<Reply> answer(Request request);
    }

    /** What a connection does with a request. */
    sealed interface Reply {}

    /**
     * A whole response.
     *
     * @param isLast whether the connection is closed after it
     */
    record Response(byte[] bytes, boolean isLast) implements Reply {}

    /**
     * A stream instead of a response: the connection is handed to a subscriber, which writes to it from then on.
     *
     * @param head sent before the stream: a 101 response, or the head of a response that says {@code Connection: close}
     * @param isWebSocket whether what the client sends is parsed as websocket frames; else it is discarded
     * @param clientAddress for the subscriber
     * @param subscriber makes the subscriber once {@code head} is sent; called on the connection's loop, it must not block
     */
    record Stream(byte[] head, boolean isWebSocket, String clientAddress, Function<Socket, Socket.Events> subscriber)
            implements Reply {}
}
