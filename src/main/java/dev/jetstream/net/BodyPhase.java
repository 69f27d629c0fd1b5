package dev.jetstream.net;

import java.util.function.Function;

/**
 * A stream in the body of an HTTP answer, the connection's last one: whatever the client still sends is read and discarded, and
 * its end is the end.
 */
final class BodyPhase extends StreamPhase {
    BodyPhase(Connection connection, byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        super(connection, head, clientAddress, subscriber);
    }

    @Override
    void received(byte[] bytes, int from, int to) {}

    @Override
    void resume() {}

    /** Says that no more is sent, and reads on for a while: closing at once could reset the last bytes away. */
    @Override
    void finished() {
        connection.shutdownOutput();
    }
}
