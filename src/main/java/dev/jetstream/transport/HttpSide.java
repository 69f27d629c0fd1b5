package dev.jetstream.transport;

import dev.jetstream.subscriber.Socket;
import java.net.InetAddress;
import java.util.function.Function;

/** Carries the calls of what answers requests to the connection's loop. */
record HttpSide(Connection connection) implements HttpConnection {
    @Override
    public InetAddress peer() {
        return connection.peer();
    }

    @Override
    public void send(byte[] answer) {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                phase.send(answer);
            }
        });
    }

    @Override
    public void sendLast(byte[] answer) {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                phase.sendLast(answer);
            }
        });
    }

    @Override
    public void next() {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                phase.next();
            }
        });
    }

    @Override
    public void finish() {
        connection.run(() -> connection.phase().finish());
    }

    @Override
    public void abort() {
        connection.run(connection::abort);
    }

    @Override
    public boolean claim(InetAddress client) {
        return connection.claim(client);
    }

    @Override
    public void upgrade(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                phase.upgrade(head, clientAddress, subscriber);
            }
        });
    }

    @Override
    public void stream(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                phase.stream(head, clientAddress, subscriber);
            }
        });
    }
}
