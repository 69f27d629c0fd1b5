package dev.jetstream.stream;

import dev.jetstream.event.BlockEncoding;
import java.util.Optional;

/**
 * How everything on a connection is written: the JSON's shape, its framing, compressed or not. There is one instance of each per
 * process. Any thread; the arrays must not be changed.
 */
public interface Encoding extends BlockEncoding {
    @Override
    Encoding plain();

    /** The body of an HTTP response that events are written to; empty for websocket messages. */
    Optional<HttpStream> body();

    /** What an idle connection is sent. */
    byte[] keepAlive();

    /**
     * The answer to a client's ping.
     *
     * @throws UnsupportedOperationException for an HTTP body: its clients send no pings
     */
    byte[] pong(byte[] payload);

    /**
     * The last bytes of a connection.
     *
     * @param code a close code of websockets; an HTTP body has no place for it
     * @param reason for a person; cut where the framing has no room
     */
    byte[] end(int code, String reason);
}
