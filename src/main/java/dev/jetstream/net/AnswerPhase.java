package dev.jetstream.net;

import java.io.IOException;
import java.util.function.Function;

/** A request has gone up; its answer, or a stream, comes down. Nothing is read meanwhile. */
final class AnswerPhase extends Phase {
    private final RequestHead request;
    private boolean sending;
    private boolean finishing;

    AnswerPhase(Connection connection, RequestHead request) {
        super(connection);
        this.request = request;
    }

    @Override
    void start() {
        connection.read(false);
        connection.expireAfter(connection.shared().settings().idleTimeout());
        connection.requests().onHead(request);
    }

    @Override
    void received(byte[] bytes, int from, int to) {
        connection.hold(bytes, from, to);
    }

    void send(byte[] answer) throws IOException {
        if (sending) {
            throw new IllegalStateException("a second answer to one request");
        }
        sending = true;
        connection.send(answer);
    }

    void sendLast(byte[] answer) throws IOException {
        connection.enter(new LingerPhase(connection, answer));
    }

    void upgrade(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) throws IOException {
        connection.enter(new WebSocketPhase(connection, head, clientAddress, subscriber));
    }

    void stream(byte[] head, String clientAddress, Function<Socket, Socket.Events> subscriber) throws IOException {
        connection.enter(new BodyPhase(connection, head, clientAddress, subscriber));
    }

    @Override
    void sent() throws IOException {
        sending = false;
        if (finishing) {
            super.finish();
        } else {
            connection.requests().onSent();
        }
    }

    /** The answer is out, and it was not the last. */
    void next() throws IOException {
        connection.enter(new HeadPhase(connection, false));
    }

    @Override
    void finish() throws IOException {
        finishing = true;
        if (!sending) {
            super.finish();
        }
    }

    @Override
    void expired() {
        connection.abort();
    }
}
