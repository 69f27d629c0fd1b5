package dev.jetstream.net;

import java.io.IOException;
import java.net.InetAddress;

/** A request is being answered. Nothing is read meanwhile. */
final class AnswerPhase extends Phase implements Request {
    private final RequestHead head;

    AnswerPhase(Connection connection, RequestHead head) {
        super(connection);
        this.head = head;
    }

    @Override
    void start() {
        connection.read(false);
        connection.expireAfter(connection.shared().settings().idleTimeout());
        connection
                .shared()
                .handler()
                .answer(this)
                .whenComplete((reply, failure) -> connection.run(() -> reply(reply, failure)));
    }

    private void reply(Reply reply, Throwable failure) throws IOException {
        if (failure != null) {
            throw new IllegalStateException("a request was not answered", failure);
        }
        if (connection.phase() != this) {
            return;
        }
        if (reply instanceof Reply.Stream stream) {
            connection.enter(
                    stream.isWebSocket()
                            ? new WebSocketPhase(connection, stream)
                            : new StreamPhase(connection, stream));
        } else if (reply instanceof Reply.Answer answer && answer.isLast()) {
            connection.enter(new LingerPhase(connection, answer.bytes()));
        } else if (reply instanceof Reply.Answer answer) {
            connection.send(answer.bytes());
        }
    }

    @Override
    public RequestHead head() {
        return head;
    }

    @Override
    public InetAddress peer() {
        return connection.peer();
    }

    @Override
    public boolean claim(InetAddress client) {
        return connection.claim(client);
    }

    @Override
    void received(byte[] bytes, int from, int to) {
        connection.hold(bytes, from, to);
    }

    @Override
    void sent() throws IOException {
        connection.enter(new HeadPhase(connection, false));
    }

    @Override
    void expired() {
        connection.abort();
    }
}
