package dev.jetstream.net;

import java.net.InetAddress;
import java.util.function.Function;

/** A connection as what answers its requests sees it. Any thread may call; nothing here blocks. */
public interface HttpConnection {
    /** The peer at the other end of the TCP connection: the client, or a proxy. */
    InetAddress peer();

    /** Sends one whole answer; {@link Requests#onSent()} follows. Once per request. */
    void send(byte[] answer);

    /**
     * Sends one whole answer, the connection's last, in place of {@link #send}. Nothing follows but {@link Requests#onGone()}.
     */
    void sendLast(byte[] answer);

    /** Lets the next request come, once the answer to the last one is out. */
    void next();

    /** Ends the connection once what was sent is out. */
    void finish();

    /** Drops the connection at once. */
    void abort();

    /**
     * Counts this connection as one of a client behind a proxy.
     *
     * @return false when that client has all the connections that it may have
     */
    boolean claim(InetAddress client);

    /**
     * Makes this connection a websocket and hands it to a subscriber, in place of an answer. The subscriber is made when all of
     * {@code head} is out, on a thread that must not be held up.
     *
     * @param head the answer that begins the stream
     * @param clientAddress for the subscriber
     * @param subscriber makes the subscriber
     */
    void upgrade(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber);

    /**
     * Hands this connection to a subscriber that writes the body of the answer, the connection's last one. Nothing of what the
     * client still sends is told. As {@link #upgrade} else.
     *
     * @param head the answer's, up to its empty line; it says {@code Connection: close}
     */
    void stream(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber);
}
