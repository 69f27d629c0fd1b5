package dev.jetstream.relay;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections, up to a number at a time, and gives each a thread. Thread-safe. */
final class RelayListener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayListener.class);
    private static final long PAUSE_AFTER_FAILURE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long JOIN_MILLIS = 1_000;

    /** What is done with a connection, in its own thread; the socket is closed behind it. */
    interface Handler {
        void handle(Socket socket) throws IOException;
    }

    private final ServerSocket listening;
    private final int maxConnections;
    private final Handler handler;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Thread accepting;

    RelayListener(ServerSocket listening, int maxConnections, Handler handler) {
        this.listening = listening;
        this.maxConnections = maxConnections;
        this.handler = handler;
        this.accepting = new Thread(this::acceptAll, "relay-accept");
        accepting.setDaemon(true);
        accepting.start();
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                if (sockets.size() >= maxConnections) {
                    LOG.debug("too many connections: one is turned away max={}", maxConnections);
                    socket.close();
                    continue;
                }
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "relay-client-" + socket.getPort());
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("a connection could not be accepted reason={}", e.getMessage());
                    LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            handler.handle(socket);
        } catch (IOException e) {
            LOG.debug("a client is gone reason={}", e.getMessage());
        } finally {
            synchronized (sockets) {
                sockets.remove(socket);
                sockets.notifyAll();
            }
        }
    }

    /** Accepts nothing more; the port is free afterwards. */
    @Override
    public void close() throws IOException {
        listening.close();
        try {
            accepting.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all connections have ended by themselves, then ends those that are left. */
    void endAll(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        synchronized (sockets) {
            try {
                for (long left = 1; left > 0 && !sockets.isEmpty(); left = deadline - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(sockets, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (Socket socket : sockets) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a socket failed reason={}", e.getMessage());
            }
        }
    }
}
