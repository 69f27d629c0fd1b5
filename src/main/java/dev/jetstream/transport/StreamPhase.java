package dev.jetstream.transport;

import dev.jetstream.subscriber.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * After the upgrade: a subscriber writes straight to the channel, from its own thread, and is told what the client sends. The
 * loop reads, and watches for room to write when it is asked to.
 */
final class StreamPhase extends Phase implements ClientFrames.Sink {
    private final byte[] head;
    private final String clientAddress;
    private final Function<Socket, Socket.Events> subscriber;
    private final ClientFrames frames;
    private Socket.Events events;
    private boolean paused;
    private boolean faulted;
    /** The subscriber wants to hear no more but the end; the loop has not seen to it yet. */
    private volatile boolean isDone;

    private boolean finishing;
    private boolean clientClosed;

    StreamPhase(Connection connection, byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        super(connection);
        this.head = head;
        this.clientAddress = clientAddress;
        this.subscriber = subscriber;
        frames = new ClientFrames(
                connection.shared().settings().maxMessageBytes(),
                connection.shared().held(),
                this);
    }

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

    @Override
    void received(byte[] bytes, int from, int to) {
        int at = frames.read(bytes, from, to);
        if (paused) {
            connection.hold(bytes, at, to);
        }
        connection.read(!paused && (!faulted || finishing));
    }

    @Override
    public void text(byte[] utf8) {
        paused = true;
        if (!isDone) {
            events.onText(utf8);
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (!isDone) {
            events.onPing(payload);
        }
    }

    @Override
    public void close(int code) {
        clientClosed = true;
        if (finishing) {
            connection.close();
        } else if (!isDone) {
            events.onClose(code);
        }
    }

    @Override
    public void fault(int code, String reason) {
        faulted = true;
        if (!isDone) {
            events.onFault(code, reason);
        }
    }

    /** A client that closed by the rules may stop sending at once, and still wait for our close frame. */
    @Override
    void ended() {
        if (clientClosed && !finishing) {
            connection.read(false);
            connection.expireAfter(connection.shared().settings().lingerTimeout());
        } else {
            connection.close();
        }
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
        frames.release();
        if (events != null) {
            events.onGone();
        }
    }

    private void resume() throws IOException {
        if (paused) {
            paused = false;
            connection.read(!faulted || finishing);
            connection.replay();
        }
    }

    private void finishStream() throws IOException {
        if (finishing) {
            return;
        }
        finishing = true;
        if (clientClosed) {
            // It sends no more, so nothing that it could still send would reset what is on its way.
            connection.close();
            return;
        }
        // Nothing follows our close frame: the client is told so, and what it still sends is read over.
        connection.shutdownOutput();
        connection.expireAfter(connection.shared().settings().lingerTimeout());
        frames.ignoreMessages();
        paused = false;
        connection.read(true);
        connection.replay();
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
