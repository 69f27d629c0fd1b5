package dev.jetstream.net;

import java.io.IOException;

/** One stretch of a connection's life. All of it runs on the connection's loop. */
abstract class Phase {
    final Connection connection;

    Phase(Connection connection) {
        this.connection = connection;
    }

    /** The phase begins; bytes that came too early for the one before are {@link Connection#replay replayed} by the phase. */
    abstract void start() throws IOException;

    /** Bytes came; the array is the loop's and is overwritten after this call. */
    abstract void received(byte[] bytes, int from, int to) throws IOException;

    /** The client sends no more. */
    void ended() throws IOException {
        connection.close();
    }

    /** The channel takes bytes again, and the connection has none of its own to send. */
    void writable() throws IOException {}

    /** What the connection sent is out. */
    void sent() throws IOException {}

    /** The deadline has passed. */
    abstract void expired() throws IOException;

    /** Whoever answers wants the connection ended. */
    void finish() throws IOException {
        connection.enter(new LingerPhase(connection));
    }

    /** The listener stops. */
    void stop() throws IOException {}

    /** The phase is over: another begins, or the connection is closed. */
    void left() {}
}
