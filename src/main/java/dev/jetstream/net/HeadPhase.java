package dev.jetstream.net;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;

/** Waits for a whole request head, within a time and a size, and hands it on. */
final class HeadPhase extends Phase {
    private final RequestHead.Scanner scanner = new RequestHead.Scanner();
    private final boolean isFirst;
    private final HeldBuffer head;
    private boolean started;

    /** @param isFirst whether this is the connection's first request */
    HeadPhase(Connection connection, boolean isFirst) {
        super(connection);
        this.isFirst = isFirst;
        head = new HeldBuffer(
                connection.shared().settings().maxHeadBytes(),
                connection.shared().held());
    }

    @Override
    void start() throws IOException {
        if (connection.shared().isStopped()) {
            connection.enter(new Phase.Linger(connection));
            return;
        }
        ListenerSettings settings = connection.shared().settings();
        Duration silence = settings.idleTimeout();
        if (isFirst && settings.headTimeout().compareTo(silence) < 0) {
            silence = settings.headTimeout();
        }
        connection.expireAfter(silence);
        connection.read(true);
        connection.replay();
    }

    @Override
    void received(byte[] bytes, int from, int to) throws IOException {
        if (!started) {
            started = true;
            connection.expireAfter(connection.shared().settings().headTimeout());
        }
        int start = head.length() > 0 ? from : afterBlankLines(bytes, from, to);
        int end = scanner.scan(bytes, start, to);
        if (end == RequestHead.Scanner.GARBAGE) {
            connection.refuse(Refusal.GARBAGE);
            return;
        }
        int stop = end == RequestHead.Scanner.MORE ? to : end;
        if (head.length() + (stop - start) > connection.shared().settings().maxHeadBytes()) {
            connection.refuse(Refusal.BIG_HEAD);
        } else if (end == RequestHead.Scanner.MORE) {
            if (!head.append(bytes, start, to, -1)) {
                connection.refuse(Refusal.BUSY_HEADS);
            }
        } else {
            connection.hold(bytes, end, to);
            whole(bytes, start, end);
        }
    }

    /** A server should ignore empty lines before a request (RFC 9112, section 2.2). */
    private static int afterBlankLines(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        return at;
    }

    private void whole(byte[] bytes, int from, int to) throws IOException {
        RequestHead request;
        if (head.length() == 0) {
            request = RequestHead.of(bytes, from, to);
        } else {
            if (!head.append(bytes, from, to, 0)) {
                connection.refuse(Refusal.BUSY_HEADS);
                return;
            }
            byte[] all = head.lend();
            request = RequestHead.of(all, 0, all.length);
        }
        head.release();
        if (request.target().isEmpty()) {
            connection.refuse(Refusal.GARBAGE);
        } else if (!request.version().matches("HTTP/1\\.[01]")) {
            connection.refuse(Refusal.VERSION);
        } else if (request.hasBody()) {
            boolean isGet = request.method().equals("GET") || request.method().equals("HEAD");
            connection.refuse(isGet ? Refusal.BODY : Refusal.METHOD);
        } else {
            connection.enter(new AnswerPhase(connection, request));
        }
    }

    @Override
    void expired() throws IOException {
        if (started) {
            connection.refuse(Refusal.SLOW_HEAD);
        } else {
            connection.close();
        }
    }

    @Override
    void stop() {
        connection.close();
    }

    @Override
    void left() {
        head.release();
    }

    /** A request is being answered. Nothing is read meanwhile. */
    private static final class AnswerPhase extends Phase implements Request {
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
            if (reply instanceof Stream stream) {
                connection.enter(
                        stream.isWebSocket()
                                ? new WebSocketPhase(connection, stream)
                                : new StreamPhase(connection, stream));
            } else if (reply instanceof Response response && response.isLast()) {
                connection.enter(new Phase.Linger(connection, response.bytes()));
            } else if (reply instanceof Response response) {
                connection.send(response.bytes());
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
}
