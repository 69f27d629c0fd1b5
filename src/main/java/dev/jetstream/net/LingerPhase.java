package dev.jetstream.net;

import java.io.IOException;

/**
 * Says that no more is sent, then reads and discards until the client is done too: closing earlier would reset the last answer
 * away.
 */
final class LingerPhase extends Phase {
    private final byte[] last;

    LingerPhase(Connection connection) {
        this(connection, null);
    }

    /** @param last what is still to be sent; null: nothing */
    LingerPhase(Connection connection, byte[] last) {
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
