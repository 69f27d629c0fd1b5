package dev.jetstream.net;

import java.io.IOException;

/** A state of a connection. All of it runs on the connection's loop. */
abstract class Phase {
    final Connection connection;

    Phase(Connection connection) {
        this.connection = connection;
    }

    /** Starts the phase, which {@link Connection#replay replays} bytes that arrived too early for the one before. */
    abstract void start() throws IOException;

    /** Bytes arrived; the array is the loop's and is overwritten after this call. */
    abstract void received(byte[] bytes, int from, int to) throws IOException;

    /** The client sends no more. */
    void ended() throws IOException {
        connection.close();
    }

    /** The channel takes bytes again, and the connection has none of its own to send. */
    void writable() throws IOException {}

    /** All bytes of the last {@link Connection#send} are written. */
    void sent() throws IOException {}

    /** The deadline has passed. */
    abstract void expired() throws IOException;

    /** The listener stops. */
    void stop() throws IOException {}

    /** The phase ends: another begins, or the connection is closed. */
    void left() {}

    /**
     * Ends the output, then reads and discards until the client ends too: closing earlier could lose the last response to a TCP
     * reset.
     */
    static final class Linger extends Phase {
        private final byte[] last;

        Linger(Connection connection) {
            this(connection, null);
        }

        /** @param last what is still to be sent; null: nothing */
        Linger(Connection connection, byte[] last) {
            super(connection);
            this.last = last;
        }

        @Override
        void start() throws IOException {
            connection.dropHeld();
            connection.expireAfter(connection.shared().settings().lingerTimeout());
            if (last == null) {
                sent();
            } else {
                connection.send(last);
            }
            connection.read(true);
        }

        @Override
        void sent() throws IOException {
            connection.shutdownOutput();
        }

        @Override
        void received(byte[] bytes, int from, int to) {}

        @Override
        void expired() {
            connection.close();
        }
    }
}
