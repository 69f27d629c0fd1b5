package dev.jetstream.net;

import java.io.IOException;

/** A stream after a websocket upgrade: the subscriber gets what the client sends, and the client closes first. */
final class WebSocketPhase extends StreamPhase implements ClientMessages.Sink {
    private final ClientMessages messages;
    private boolean paused;
    private boolean faulted;
    private boolean clientClosed;

    WebSocketPhase(Connection connection, Request.Stream stream) {
        super(connection, stream);
        messages = new ClientMessages(
                connection.shared().settings().maxMessageBytes(),
                connection.shared().held(),
                this);
    }

    @Override
    void received(byte[] bytes, int from, int to) {
        int at = messages.read(bytes, from, to);
        if (paused) {
            connection.hold(bytes, at, to);
        }
        connection.read(!paused && (!faulted || isFinishing()));
    }

    @Override
    public void text(byte[] utf8) {
        paused = true;
        if (!isDone()) {
            events().onText(utf8);
        }
    }

    @Override
    public void ping(byte[] payload) {
        if (!isDone()) {
            events().onPing(payload);
        }
    }

    @Override
    public void close(int code) {
        clientClosed = true;
        if (isFinishing()) {
            connection.close();
        } else if (!isDone()) {
            events().onClose(code);
        }
    }

    @Override
    public void fault(int code, String reason) {
        faulted = true;
        if (!isDone()) {
            events().onFault(code, reason);
        }
    }

    /** A client that closed by the rules may stop sending at once, and still wait for our close frame. */
    @Override
    void ended() {
        if (clientClosed && !isFinishing()) {
            connection.read(false);
            connection.expireAfter(connection.shared().settings().lingerTimeout());
        } else {
            connection.close();
        }
    }

    @Override
    void left() {
        messages.release();
        super.left();
    }

    @Override
    void resume() throws IOException {
        if (paused) {
            paused = false;
            messages.messageDone();
            connection.read(!faulted || isFinishing());
            connection.replay();
        }
    }

    @Override
    void finished() throws IOException {
        if (clientClosed) {
            // It sends no more, so that nothing can reset what is on its way.
            connection.close();
            return;
        }
        // Nothing follows our close frame; what the client still sends is discarded.
        connection.shutdownOutput();
        messages.ignoreMessages();
        paused = false;
        connection.read(true);
        connection.replay();
    }
}
