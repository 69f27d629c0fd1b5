package dev.jetstream.relay;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay on a socket: serves a {@link FrameSource} to its subscribers and injects the faults that a test asks for.
 *
 * <p>All methods may be called by any thread. Each client has two threads: a relay has few clients.
 */
public final class RelayServer implements AutoCloseable {
    /** The path of the stream. */
    public static final String PATH = "/xrpc/com.atproto.sync.subscribeRepos";

    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    private static final int BACKLOG = 64;
    private static final int REQUESTS_KEPT = 100;
    private static final int HEAD_TIMEOUT_MILLIS = 10_000;
    private static final int CLOSE_TIMEOUT_MILLIS = 2_000;
    private static final long WATCH_MILLIS = 250;
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final FrameSource source;
    private final RelayOptions options;
    private final ServerSocket listening;
    private final RelayConnection.Faults faults = new RelayConnection.Faults();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<RelayConnection> connections = ConcurrentHashMap.newKeySet();
    private final Deque<OptionalLong> cursors = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean closing;

    private RelayServer(FrameSource source, RelayOptions options, ServerSocket listening) {
        this.source = source;
        this.options = options;
        this.listening = listening;
    }

    /**
     * Binds and serves.
     *
     * @param source closed with the relay
     * @throws IOException naming the address that cannot be bound
     */
    public static RelayServer start(FrameSource source, RelayOptions options) throws IOException {
        ServerSocket listening;
        try {
            InetAddress address = InetAddress.getByName(options.host());
            listening = options.sockets().createServerSocket(options.port(), BACKLOG, address);
        } catch (IOException e) {
            throw new IOException(
                    "the relay cannot listen on " + options.host() + ":" + options.port() + ": " + e.getMessage(), e);
        }
        RelayServer server = new RelayServer(source, options, listening);
        startThread("relay-watch", server::watch);
        startThread("relay-accept", server::acceptAll);
        LOG.info("the relay listens uri={}", server.uri());
        return server;
    }

    static void startThread(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The bound port. */
    public int port() {
        return listening.getLocalPort();
    }

    /** The URL of the stream, without a cursor. */
    public URI uri() {
        String scheme = options.sockets() instanceof SSLServerSocketFactory ? "wss" : "ws";
        String host = listening.getInetAddress().isAnyLocalAddress() ? "127.0.0.1" : options.host();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + PATH);
    }

    /** The current number of subscribers. */
    public int connections() {
        return connections.size();
    }

    /** The cursors of the last hundred subscriptions, refused ones included, oldest first. */
    public List<OptionalLong> cursors() {
        synchronized (cursors) {
            return List.copyOf(cursors);
        }
    }

    /** Sends nothing but pongs until {@link #resume}. */
    public void pause() {
        faults.pause(false);
    }

    /** Sends nothing until {@link #resume}, not even a pong or a close: a relay that hangs. */
    public void goSilent() {
        faults.pause(true);
    }

    public void resume() {
        faults.resume();
    }

    /** Answers upgrades with this status; 0: accepts them. */
    public void refuseUpgrades(int status) {
        faults.refusal = status;
    }

    /** Whether each connection ends as soon as it is upgraded. */
    public void endAtOnce(boolean value) {
        faults.endAtOnce = value;
    }

    /** Starts clients with a cursor this many frames before it: they get those frames again. */
    public void replayBeforeCursors(long frames) {
        faults.replayed = frames;
    }

    /** Whether each byte is sent by itself. */
    public void trickle(boolean value) {
        faults.trickle = value;
    }

    /** Resets all connections. */
    public void dropConnections() {
        connections.forEach(RelayConnection::abort);
    }

    /** Ends all connections in the middle of a message. */
    public void dropMidFrame() {
        connections.forEach(RelayConnection::cutMidFrame);
    }

    /** Closes all connections with this code, as a restarting relay does. */
    public void closeConnections(int code, String reason) {
        connections.forEach(connection -> connection.close(code, reason));
    }

    /** Sends these bytes as one binary message to all current clients; the source does not contain it. */
    public void inject(byte[] frame) {
        injectBytes(FrameHeader.frame(FrameHeader.BINARY, frame));
    }

    /** Like {@link #inject}, but the bytes go on the wire as they are, without a websocket header. */
    public void injectBytes(byte[] bytes) {
        connections.forEach(connection -> connection.inject(bytes));
    }

    /** Closes all connections with 1001, waits up to 2 s for the clients' answers, and closes the source. */
    @Override
    public void close() {
        closing = true;
        try {
            listening.close();
        } catch (IOException e) {
            LOG.warn("the relay's port could not be closed reason={}", e.getMessage());
        }
        faults.resume();
        closeConnections(CloseFrame.GOING_AWAY, "the relay stops");
        awaitSockets();
        sockets.forEach(RelayConnection::closeQuietly);
        source.close();
        closed.countDown();
    }

    private void awaitSockets() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MILLIS);
        synchronized (sockets) {
            try {
                for (long left = 1; left > 0 && !sockets.isEmpty(); left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(sockets, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                if (sockets.size() >= options.maxConnections()) {
                    LOG.debug("too many connections: one is refused max={}", options.maxConnections());
                    socket.close();
                } else {
                    sockets.add(socket);
                    startThread("relay-client-" + socket.getPort(), () -> handle(socket));
                }
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("a connection could not be accepted reason={}", e.getMessage());
                    LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
                }
            }
        }
    }

    private void handle(Socket socket) {
        try (socket) {
            serve(socket);
        } catch (IOException e) {
            LOG.debug("a client is gone reason={}", e.getMessage());
        } finally {
            synchronized (sockets) {
                sockets.remove(socket);
                sockets.notifyAll();
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(HEAD_TIMEOUT_MILLIS);
        BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
        RelayRequest request =
                RelayRequest.read(in, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEAD_TIMEOUT_MILLIS));
        if (request instanceof RelayRequest.Subscribe subscribe) {
            subscribe(socket, in, subscribe);
        } else if (request instanceof RelayRequest.Answer answer) {
            socket.getOutputStream().write(answer.toBytes());
        }
    }

    private void subscribe(Socket socket, BufferedInputStream in, RelayRequest.Subscribe request) throws IOException {
        OptionalLong cursor = request.cursor();
        note(cursor);
        int refusal = faults.refusal;
        if (refusal != 0) {
            socket.getOutputStream().write(new RelayRequest.Answer(refusal, "this relay refuses upgrades").toBytes());
            return;
        }
        RelayConnection connection = new RelayConnection(socket, in, faults);
        // Before the answer: a client that has seen it misses nothing that follows.
        FrameSource.Opening opening = source.open(
                cursor.isPresent() ? OptionalLong.of(Math.max(0, cursor.getAsLong() - faults.replayed)) : cursor);
        connection.accept(request.key());
        if (faults.endAtOnce) {
            return;
        }
        if (opening instanceof FrameSource.FutureCursor future) {
            connection.error("FutureCursor", "the newest event has seq " + future.newest());
            socket.setSoTimeout(CLOSE_TIMEOUT_MILLIS);
            connection.readAll();
        } else if (opening instanceof FrameSource.Opened opened) {
            socket.setSoTimeout(0);
            if (opened.outdated()) {
                connection.message(
                        StreamFrames.info("OutdatedCursor", "the cursor is older than what this relay keeps"));
            }
            run(socket, connection, opened, cursor);
        }
    }

    private void run(Socket socket, RelayConnection connection, FrameSource.Opened opened, OptionalLong cursor)
            throws IOException {
        connections.add(connection);
        String from = String.valueOf(socket.getRemoteSocketAddress());
        LOG.info("a client subscribes from={} cursor={}", from, cursor.isPresent() ? cursor.getAsLong() : "live");
        try {
            if (closing) {
                connection.close(CloseFrame.GOING_AWAY, "the relay stops");
            }
            connection.run(opened.reader(), "relay-sender-" + socket.getPort());
        } finally {
            connections.remove(connection);
            LOG.info("a client is gone from={}", from);
        }
    }

    private void note(OptionalLong cursor) {
        synchronized (cursors) {
            if (cursors.size() == REQUESTS_KEPT) {
                cursors.removeFirst();
            }
            cursors.addLast(cursor);
        }
    }

    /** Aborts the connections of stalled clients. */
    private void watch() {
        try {
            while (!closed.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                for (RelayConnection connection : connections) {
                    if (connection.isOverdue(options.sendTimeout().toNanos())) {
                        LOG.warn("a client that reads nothing is disconnected");
                        connection.abort();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
