package dev.jetstream.net;

import java.util.function.Function;

/** What a connection does with a request. */
public sealed interface Reply {
    /**
     * A whole answer.
     *
     * @param isLast whether the connection is closed after it
     */
    record Answer(byte[] bytes, boolean isLast) implements Reply {}

    /**
     * A stream in place of an answer: the connection is handed to a subscriber, which writes to it from then on.
     *
     * @param head what is sent before the stream: a 101 answer, or the head of an answer that says {@code Connection: close}
     * @param isWebSocket whether what the client sends is parsed as websocket frames; else it is discarded
     * @param clientAddress for the subscriber
     * @param subscriber makes the subscriber once {@code head} is sent; called on the connection's loop, it must not block
     */
    record Stream(byte[] head, boolean isWebSocket, String clientAddress, Function<Socket, Socket.Events> subscriber)
            implements Reply {}
}
