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
    /** Deadlines are looked at this long apart at the shortest. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long MAX_PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final Set<Connection> connections = new HashSet<>();
    /** Those with a deadline. */
    private final Set<Connection> watched = new HashSet<>();

    private final Thread thread;
    /** When the deadlines are looked at next, while any are watched. */
    private long nextTickNanos;

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
        if (!tasks.isEmpty()) {
            selector.selectNow(this::ready);
        } else if (watched.isEmpty()) {
            selector.select(this::ready);
        } else {
            long nanos = Math.max(0, nextTickNanos - System.nanoTime());
            selector.select(this::ready, 1 + TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        runTasks();
        if (!watched.isEmpty()) {
            long now = System.nanoTime();
            if (now - nextTickNanos >= 0) {
                tick(now);
            }
        }
    }

    private void tick(long now) {
        List<Connection> waiting = List.copyOf(watched);
        nextTickNanos = now + MAX_PAUSE_NANOS;
        for (Connection connection : waiting) {
            connection.guarded(() -> connection.tick(now));
        }
        watched.forEach(this::tickFor);
        nextTickNanos = Math.max(nextTickNanos - now, TICK_NANOS) + now;
    }

    /** Makes sure that a connection's deadline is looked at in time. */
    private void tickFor(Connection connection) {
        if (connection.deadlineNanos() - nextTickNanos < 0) {
            nextTickNanos = connection.deadlineNanos();
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

    /** A connection's deadline is set or has changed. */
    void watch(Connection connection) {
        if (watched.isEmpty()) {
            nextTickNanos = connection.deadlineNanos();
        } else {
            tickFor(connection);
        }
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
