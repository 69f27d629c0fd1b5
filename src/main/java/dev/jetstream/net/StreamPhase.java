package dev.jetstream.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * A stream has begun in place of an answer: a subscriber writes straight to the channel, from its own thread. The loop reads what
 * the client sends, and watches for room to write when it is asked to. What the client may send, and how such a connection ends,
 * is the kind's own: a websocket's, or an HTTP body's.
 */
abstract class StreamPhase extends Phase {
    private final byte[] head;
    private final String clientAddress;
    private final Function<Socket, Socket.Events> subscriber;
    private Socket.Events events;
    /** The subscriber wants to hear no more but the end; the loop has not seen to it yet. */
    private volatile boolean isDone;

    private boolean finishing;

    StreamPhase(Connection connection, byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        super(connection);
        this.head = head;
        this.clientAddress = clientAddress;
        this.subscriber = subscriber;
    }

    /** Lets the next message of the client come. */
    abstract void resume() throws IOException;

    /** The subscriber has written its last bytes: once. The linger timeout runs from now on. */
    abstract void finished() throws IOException;

    @Override
    void start() throws IOException {
        connection.endRequests();
        connection.expireAfter(connection.shared().settings().idleTimeout());
        connection.send(head);
    }

    /** The head is out: the subscriber's turn. */
    @Override
    void sent() throws IOException {
        connection.expireNever();
        events = subscriber.apply(new ClientSocket());
        connection.read(true);
        connection.replay();
    }

    /** Where the subscriber is told what happens. */
    Socket.Events events() {
        return events;
    }

    /** Whether the subscriber wants to hear no more but the end. */
    boolean isDone() {
        return isDone;
    }

    /** Whether the subscriber has written its last bytes. */
    boolean isFinishing() {
        return finishing;
    }

    @Override
    void writable() {
        events.onWritable();
    }

    @Override
    void expired() {
        connection.close();
    }

    @Override
    void left() {
        if (events != null) {
            events.onGone();
        }
    }

    private void finishStream() throws IOException {
        if (!finishing) {
            finishing = true;
            connection.expireAfter(connection.shared().settings().lingerTimeout());
            finished();
        }
    }

    /** What the subscriber holds: writes go out on its own thread, all else is the loop's work. */
    private final class ClientSocket implements Socket {
        @Override
        public int write(ByteBuffer bytes) throws IOException {
            try {
                return connection.channel().write(bytes);
            } catch (IOException e) {
                connection.run(connection::close);
                throw e;
            }
        }

        @Override
        public void awaitWritable() {
            connection.awaitWritable();
        }

        @Override
        public void resumeReading() {
            connection.run(StreamPhase.this::resume);
        }

        @Override
        public void finish() {
            isDone = true;
            connection.run(StreamPhase.this::finishStream);
        }

        @Override
        public void abort() {
            isDone = true;
            connection.run(connection::abort);
        }

        @Override
        public String clientAddress() {
            return clientAddress;
        }
    }
}
