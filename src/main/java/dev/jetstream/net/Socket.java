package dev.jetstream.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One client's connection as its subscriber sees it: the subscriber is the only one that writes to it. Nothing here blocks, and
 * all of it is called by the subscriber's actor alone.
 *
 * <p>What comes from the client arrives through {@link Events}.
 */
public interface Socket {
    /**
     * Writes what the socket takes at once.
     *
     * @return the bytes taken; fewer than remain in {@code bytes} when the socket is full: then call {@link #awaitWritable()}
     * @throws IOException when the connection is gone; {@link Events#onGone()} follows or has been
     */
    int write(ByteBuffer bytes) throws IOException;

    /** Asks for one {@link Events#onWritable()} as soon as the socket takes bytes again. */
    void awaitWritable();

    /** Lets the next text message come in: after each one reading of messages rests until this is called. */
    void resumeReading();

    /**
     * Ends a connection whose close frame has been written: sends no more, reads and discards until the peer closes or the close
     * timeout has passed, then closes. {@link Events#onGone()} follows.
     */
    void finish();

    /** Drops the connection at once, unsent bytes too. {@link Events#onGone()} follows. */
    void abort();

    /** The client's address, for logs and limits. */
    String clientAddress();

    /** What happens on a socket. Called by the transport's threads; an implementation only hands on to its actor. */
    interface Events {
        /** The socket takes bytes again. */
        void onWritable();

        /**
         * A whole text message, valid UTF-8, at most the configured size. No other comes before {@link Socket#resumeReading()};
         * control frames do.
         */
        void onText(byte[] utf8);

        /** A ping came. The latest payload is the one to answer; the receiver must cope with any number of calls. */
        void onPing(byte[] payload);

        /** The client's close frame; {@code code} is {@link dev.jetstream.websocket.CloseFrame#NO_CODE} where it had none. */
        void onClose(int code);

        /** The client broke a rule: close it with this code and reason. Nothing is read any more. */
        void onFault(int code, String reason);

        /** The connection is gone; nothing else comes. */
        void onGone();
    }
}
