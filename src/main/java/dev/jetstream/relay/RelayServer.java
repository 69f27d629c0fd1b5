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
import javax.net.ssl.SSLServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay on a socket: it serves a {@link FrameSource} to all who subscribe, and does wrong what a test tells it to.
 *
 * <p>All methods may be called by any thread. Each client has two threads of its own: a relay has few clients.
 */
public final class RelayServer implements AutoCloseable {
    /** Where frames are to be had. */
    public static final String PATH = "/xrpc/com.atproto.sync.subscribeRepos";

    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    private static final int BACKLOG = 64;
    private static final int REQUESTS_KEPT = 100;
    private static final int HEAD_TIMEOUT_MILLIS = 10_000;
    private static final int CLOSE_TIMEOUT_MILLIS = 2_000;
    private static final long WATCH_MILLIS = 250;

    private final FrameSource source;
    private final RelayOptions options;
    private final ServerSocket listening;
    private final Faults faults = new Faults();
    private final RelayListener listener;
    private final Set<RelayConnection> connections = ConcurrentHashMap.newKeySet();
    private final Deque<OptionalLong> cursors = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean closing;

    private RelayServer(FrameSource source, RelayOptions options, ServerSocket listening) {
        this.source = source;
        this.options = options;
        this.listening = listening;
        this.listener = new RelayListener(listening, options.maxConnections(), this::serve);
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
        Thread watching = new Thread(server::watch, "relay-watch");
        watching.setDaemon(true);
        watching.start();
        LOG.info("the relay listens uri={}", server.uri());
        return server;
    }

    /** The port that is bound. */
    public int port() {
        return listening.getLocalPort();
    }

    /** What clients connect to, without a cursor. */
    public URI uri() {
        String scheme = options.sockets() instanceof SSLServerSocketFactory ? "wss" : "ws";
        String host = listening.getInetAddress().isAnyLocalAddress() ? "127.0.0.1" : options.host();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + PATH);
    }

    /** Subscribers at the moment. */
    public int connections() {
        return connections.size();
    }

    /** The cursors that subscribers came with, oldest first, refused ones too; of the last hundred. */
    public List<OptionalLong> cursors() {
        synchronized (cursors) {
            return List.copyOf(cursors);
        }
    }

    /** Sends nothing more but pongs, until {@link #resume}; what is made meanwhile waits where the source keeps it. */
    public void pause() {
        faults.pause(false);
    }

    /** Sends nothing at all, no pong and no close either, until {@link #resume}: a relay that hangs. */
    public void goSilent() {
        faults.pause(true);
    }

    public void resume() {
        faults.resume();
    }

    /** Answers upgrades with this status from now on; 0: accepts them again. */
    public void refuseUpgrades(int status) {
        faults.refuse(status);
    }

    /** Ends each connection as soon as it is upgraded, from now on; false: lets them be again. */
    public void endAtOnce(boolean value) {
        faults.endAtOnce(value);
    }

    /** Lets clients with a cursor in so many frames before it, from now on: they get again what they had. */
    public void replayBeforeCursors(long frames) {
        faults.replay(frames);
    }

    /** Sends each byte by itself, from now on; false: as many as there are again. */
    public void trickle(boolean value) {
        faults.trickle(value);
    }

    /** Resets all connections. */
    public void dropConnections() {
        connections.forEach(RelayConnection::abort);
    }

    /** Ends all connections in the middle of a message. */
    public void dropMidFrame() {
        connections.forEach(RelayConnection::cutMidFrame);
    }

    /** Closes all connections with this code, as a relay does that is restarted. */
    public void closeConnections(int code, String reason) {
        connections.forEach(connection -> connection.close(code, reason));
    }

    /**
     * Sends these bytes as one binary message to all clients of the moment, behind what they were sent; it has no place in the
     * source.
     */
    public void inject(byte[] frame) {
        injectBytes(FrameHeader.frame(FrameHeader.BINARY, frame));
    }

    /** As {@link #inject}, but the bytes are put on the wire as they are: they bring their own websocket headers, or none. */
    public void injectBytes(byte[] bytes) {
        connections.forEach(connection -> connection.inject(bytes));
    }

    /** Waits until the relay was closed. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Closes all connections with 1001, waits up to 2 s for the clients to agree, and closes the source. */
    @Override
    public void close() {
        closing = true;
        try {
            listener.close();
        } catch (IOException e) {
            LOG.warn("the relay's port could not be closed reason={}", e.getMessage());
        }
        faults.resume();
        closeConnections(CloseFrame.GOING_AWAY, "the relay stops");
        listener.endAll(CLOSE_TIMEOUT_MILLIS);
        source.close();
        closed.countDown();
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
        note(request.cursor());
        if (faults.refusal() != 0) {
            RelayRequest.Answer refusal = new RelayRequest.Answer(faults.refusal(), "this relay refuses upgrades");
            socket.getOutputStream().write(refusal.toBytes());
            return;
        }
        RelayConnection connection = new RelayConnection(socket, in, faults);
        // before the answer: a client that has seen it misses nothing that comes after
        FrameSource.Opening opening = source.open(faults.place(request.cursor()));
        connection.accept(request.key());
        if (faults.endsAtOnce()) {
            return;
        }
        if (opening instanceof FrameSource.FutureCursor future) {
            connection.error("FutureCursor", "the newest event has seq " + future.newest());
            socket.setSoTimeout(CLOSE_TIMEOUT_MILLIS);
            connection.drain();
        } else if (opening instanceof FrameSource.Opened opened) {
            socket.setSoTimeout(0);
            if (opened.outdated()) {
                connection.message(
                        StreamFrames.info("OutdatedCursor", "the cursor is older than what this relay keeps"));
            }
            run(socket, connection, opened, request.cursor());
        }
    }

    private void run(Socket socket, RelayConnection connection, FrameSource.Opened opened, OptionalLong cursor)
            throws IOException {
        connections.add(connection);
        LOG.info("a client subscribes from={} cursor={}", socket.getRemoteSocketAddress(), text(cursor));
        try {
            if (closing) {
                connection.close(CloseFrame.GOING_AWAY, "the relay stops");
            }
            connection.run(opened.reader(), "relay-sender-" + socket.getPort());
        } finally {
            connections.remove(connection);
            LOG.info("a client is gone from={}", socket.getRemoteSocketAddress());
        }
    }

    private static String text(OptionalLong cursor) {
        return cursor.isPresent() ? Long.toString(cursor.getAsLong()) : "live";
    }

    private void note(OptionalLong cursor) {
        synchronized (cursors) {
            if (cursors.size() == REQUESTS_KEPT) {
                cursors.removeFirst();
            }
            cursors.addLast(cursor);
        }
    }

    /** Cuts off clients that have taken nothing for too long. */
    private void watch() {
        try {
            while (!closed.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
                for (RelayConnection connection : connections) {
                    if (connection.isOverdue(options.sendTimeout().toNanos())) {
                        LOG.warn("a client that does not take what it is sent is cut off");
                        connection.abort();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
