package dev.jetstream.net;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A stream instead of a response: a subscriber writes straight to the channel, on its own thread. The loop reads what the client
 * sends, and watches for writability on request. Here the stream is the body of an HTTP answer, the connection's last one: what
 * the client sends is discarded, and its end is the end of the connection.
 */
class StreamPhase extends Phase {
    private final Request.Stream stream;
    private Socket.Events events;
    /** The subscriber ends the connection: of the socket's events it gets only the last. */
    private volatile boolean isDone;

    private boolean finishing;

    StreamPhase(Connection connection, Request.Stream stream) {
        super(connection);
        this.stream = stream;
    }

    @Override
    void received(byte[] bytes, int from, int to) throws IOException {}

    /** Reads the client's next message. */
    void resume() throws IOException {}

    /** The subscriber has written its last bytes; called once. The linger timeout runs from then on. */
    void finished() throws IOException {
        // The client is read for a while: closing at once could drop the last bytes with a reset.
        connection.shutdownOutput();
    }

    @Override
    void start() throws IOException {
        connection.expireAfter(connection.shared().settings().idleTimeout());
        connection.send(stream.head());
    }

    /** The head is out: the subscriber's turn. */
    @Override
    void sent() throws IOException {
        connection.expireNever();
        events = stream.subscriber().apply(new ClientSocket());
        connection.read(true);
        connection.replay();
    }

    /** The subscriber's receiver of events. */
    Socket.Events events() {
        return events;
    }

    /** Whether the subscriber gets no more events but the last. */
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
            return stream.clientAddress();
        }
    }
}
