package dev.jetstream.net;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/** Waits for a whole request head, within a time and a size, and hands it on. */
final class HeadPhase extends Phase {
    private static final byte[] EMPTY = {};

    private final HeadScanner scanner = new HeadScanner();
    private final boolean isFirst;
    private byte[] head = EMPTY;
    private int length;
    private boolean begun;

    /** @param isFirst whether this is the connection's first request */
    HeadPhase(Connection connection, boolean isFirst) {
        super(connection);
        this.isFirst = isFirst;
    }

    @Override
    void start() throws IOException {
        if (connection.shared().isStopped()) {
            finish();
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
        if (!begun) {
            begun = true;
            connection.expireAfter(connection.shared().settings().headTimeout());
        }
        int start = length > 0 ? from : afterBlankLines(bytes, from, to);
        int end = scanner.scan(bytes, start, to);
        if (end == HeadScanner.GARBAGE) {
            connection.refuse(Refusal.GARBAGE);
            return;
        }
        int stop = end == HeadScanner.MORE ? to : end;
        if (length + (stop - start) > connection.shared().settings().maxHeadBytes()) {
            connection.refuse(Refusal.BIG_HEAD);
        } else if (end == HeadScanner.MORE) {
            keep(bytes, start, to);
        } else {
            connection.hold(bytes, end, to);
            whole(bytes, start, end);
        }
    }

    /** A server should read over empty lines before a request (RFC 9112, section 2.2). */
    private static int afterBlankLines(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == '\r' || bytes[at] == '\n')) {
            at++;
        }
        return at;
    }

    private void keep(byte[] bytes, int from, int to) throws IOException {
        int needed = length + (to - from);
        if (needed > head.length) {
            int capacity = Math.min(connection.shared().settings().maxHeadBytes(), Math.max(1024, 2 * needed));
            if (!connection.shared().held().take(capacity - head.length)) {
                connection.refuse(Refusal.BUSY_HEADS);
                return;
            }
            head = Arrays.copyOf(head, capacity);
        }
        System.arraycopy(bytes, from, head, length, to - from);
        length = needed;
    }

    private void whole(byte[] bytes, int from, int to) throws IOException {
        RequestHead request;
        if (length == 0) {
            request = RequestHead.of(bytes, from, to);
        } else {
            byte[] all = Arrays.copyOf(head, length + (to - from));
            System.arraycopy(bytes, from, all, length, to - from);
            request = RequestHead.of(all, 0, all.length);
        }
        release();
        if (request.target().isEmpty()) {
            connection.refuse(Refusal.GARBAGE);
        } else if (request.hasBody()) {
            boolean isGet = request.method().equals("GET") || request.method().equals("HEAD");
            connection.refuse(isGet ? Refusal.BODY : Refusal.METHOD);
        } else {
            connection.enter(new AnswerPhase(connection, request));
        }
    }

    @Override
    void expired() throws IOException {
        if (begun) {
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
        release();
    }

    /** Gives back what is held of the head. */
    private void release() {
        connection.shared().held().give(head.length);
        head = EMPTY;
        length = 0;
    }
}
