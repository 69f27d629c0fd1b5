package dev.jetstream.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread with a selector and the connections that are its own. It reads at most one buffer from each that is ready, in turn, so
 * none of them can keep the others waiting.
 */
final class Loop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final long TICK_MILLIS = 50;
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final Set<Connection> connections = new HashSet<>();
    /** Those with a deadline. */
    private final Set<Connection> watched = new HashSet<>();

    private final Thread thread;
    private long lastTickNanos;
    private volatile boolean ending;

    Loop(String name) throws IOException {
        selector = Selector.open();
        thread = new Thread(this, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Runs the task on the loop, soon. Any thread. */
    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** Lets a change of what is watched for take effect. Any thread. */
    void wake() {
        if (Thread.currentThread() != thread) {
            selector.wakeup();
        }
    }

    /** Ends the loop and closes what is left on it. Any thread. */
    void end() {
        ending = true;
        selector.wakeup();
    }

    @Override
    public void run() {
        lastTickNanos = System.nanoTime();
        while (!ending) {
            try {
                turn();
            } catch (ClosedSelectorException e) {
                break;
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("a turn of the loop failed", e);
                LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
            }
        }
        runTasks();
        forEach(Connection::abort);
        try {
            selector.close();
        } catch (IOException e) {
            LOG.debug("selector did not close reason={}", e.toString());
        }
    }

    private void turn() throws IOException {
        if (tasks.isEmpty()) {
            selector.select(this::ready, watched.isEmpty() ? 0 : TICK_MILLIS);
        } else {
            selector.selectNow(this::ready);
        }
        runTasks();
        long now = System.nanoTime();
        if (now - lastTickNanos >= TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)) {
            lastTickNanos = now;
            for (Connection connection : List.copyOf(watched)) {
                connection.guarded(() -> connection.tick(now));
            }
        }
    }

    private void ready(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        connection.guarded(connection::ready);
    }

    /** Runs those that are there now; what they add waits for the next turn. */
    private void runTasks() {
        for (int left = tasks.size(); left > 0; left--) {
            Runnable task = tasks.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /** The loop's buffer, empty. What is read into it is gone with the next read. */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    SelectionKey register(Connection connection) throws IOException {
        connections.add(connection);
        return connection.channel().register(selector, 0, connection);
    }

    void forget(Connection connection) {
        connections.remove(connection);
    }

    void watch(Connection connection) {
        watched.add(connection);
    }

    void unwatch(Connection connection) {
        watched.remove(connection);
    }

    /** Does the same on every connection. On the loop. */
    void forEach(ConnectionWork work) {
        for (Connection connection : new ArrayList<>(connections)) {
            connection.guarded(() -> work.run(connection));
        }
    }

    /** Work on one of the connections. */
    interface ConnectionWork {
        void run(Connection connection) throws IOException;
    }
}
