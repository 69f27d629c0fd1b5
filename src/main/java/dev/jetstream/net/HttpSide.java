package dev.jetstream.net;

import java.io.IOException;
import java.net.InetAddress;
import java.util.function.Function;

/** Carries the calls of what answers requests to the connection's loop. */
record HttpSide(Connection connection) implements HttpConnection {
    private interface Step {
        void take(AnswerPhase phase) throws IOException;
    }

    /** Takes a step of the request that is being answered; once that is over, it comes too late and nothing happens. */
    private void answering(Step step) {
        connection.run(() -> {
            if (connection.phase() instanceof AnswerPhase phase) {
                step.take(phase);
            }
        });
    }

    @Override
    public InetAddress peer() {
        return connection.peer();
    }

    @Override
    public void send(byte[] answer) {
        answering(phase -> phase.send(answer));
    }

    @Override
    public void sendLast(byte[] answer) {
        answering(phase -> phase.sendLast(answer));
    }

    @Override
    public void next() {
        answering(AnswerPhase::next);
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
        answering(phase -> phase.upgrade(head, clientAddress, subscriber));
    }

    @Override
    public void stream(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) {
        answering(phase -> phase.stream(head, clientAddress, subscriber));
    }
}
