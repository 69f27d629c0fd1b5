package dev.jetstream.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection on its loop: the channel, what it still has to send, what came too early, its deadline, and the phase that
 * it is in. Everything runs on the loop, except {@link #run}, {@link #awaitWritable} and {@link #claim}, which any thread may call.
 */
final class Connection {
    /** Work on a connection that may find it broken. */
    interface Work {
        void run() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    private final Shared shared;
    private final Loop loop;
    private final SocketChannel channel;
    private final InetAddress peer;
    private final boolean isCounted;
    private volatile AddressCounts.Claim claim;
    /** Bytes that came before they were wanted, at most one read: {@code early[earlyFrom, earlyTo)}. */
    private byte[] early;

    private int earlyFrom;
    private int earlyTo;
    private SelectionKey key;
    private Phase phase;
    private ByteBuffer outgoing;
    private boolean reading;
    private long deadlineNanos;
    private boolean hasDeadline;
    private volatile boolean closed;

    /** @param claim its place in the count of its address; null: it is refused, and counted among those */
    Connection(Shared shared, Loop loop, SocketChannel channel, AddressCounts.Claim claim) throws IOException {
        this.shared = shared;
        this.loop = loop;
        this.channel = channel;
        this.claim = claim == null ? AddressCounts.uncounted() : claim;
        isCounted = claim != null;
        peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
    }

    /** Begins on the loop. */
    void begin(Phase first) throws IOException {
        phase = first;
        key = loop.register(this);
        first.start();
    }

    Shared shared() {
        return shared;
    }

    SocketChannel channel() {
        return channel;
    }

    boolean isCounted() {
        return isCounted;
    }

    void enter(Phase next) throws IOException {
        if (!closed) {
            Phase before = phase;
            phase = next;
            before.left();
            next.start();
        }
    }

    void refuse(Refusal refusal) throws IOException {
        shared.metrics().refused(refusal);
        enter(new Phase.Linger(this, refusal.answer()));
    }

    /** Runs work on the loop, unless the connection is closed by then. Any thread. */
    void run(Work work) {
        loop.execute(() -> guarded(work));
    }

    /** Runs work now, on the loop. A failure ends this connection, never the loop. */
    void guarded(Work work) {
        if (closed) {
            return;
        }
        try {
            work.run();
        } catch (IOException | CancelledKeyException e) {
            LOG.debug("connection broke peer={} reason={}", peer, e.toString());
            close();
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "connection dropped after a bug peer={} phase={}",
                    peer,
                    phase.getClass().getSimpleName(),
                    e);
            abort();
        }
    }

    /** The selector found the channel ready. */
    void ready() throws IOException {
        int ready = key.readyOps();
        if ((ready & SelectionKey.OP_WRITE) != 0) {
            key.interestOpsAnd(~SelectionKey.OP_WRITE);
            if (outgoing != null) {
                flush();
            } else {
                phase.writable();
            }
        }
        if (!closed && reading && (ready & SelectionKey.OP_READ) != 0) {
            ByteBuffer buffer = loop.buffer();
            int read = channel.read(buffer);
            if (read < 0) {
                read(false);
                phase.ended();
            } else if (read > 0) {
                phase.received(buffer.array(), 0, read);
            }
        }
    }

    /** Sends these bytes; {@link Phase#sent} follows, at once or later. One at a time. */
    void send(byte[] bytes) throws IOException {
        outgoing = ByteBuffer.wrap(bytes);
        flush();
    }

    private void flush() throws IOException {
        channel.write(outgoing);
        if (outgoing.hasRemaining()) {
            key.interestOpsOr(SelectionKey.OP_WRITE);
        } else {
            outgoing = null;
            phase.sent();
        }
    }

    /** Watches for room to write, once. Any thread. */
    void awaitWritable() {
        try {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            loop.wake();
        } catch (CancelledKeyException e) {
            // Closed meanwhile; the phase has been notified.
        }
    }

    /** Whether to read what comes. */
    void read(boolean on) {
        if (!closed && reading != on) {
            reading = on;
            if (on) {
                key.interestOpsOr(SelectionKey.OP_READ);
            } else {
                key.interestOpsAnd(~SelectionKey.OP_READ);
            }
        }
    }

    /** Keeps bytes that came too early: the first ones, or the rest of those just replayed, which are not copied again. */
    void hold(byte[] bytes, int from, int to) {
        boolean isRest = bytes == early;
        early = isRest ? bytes : Arrays.copyOfRange(bytes, from, to);
        earlyFrom = isRest ? from : 0;
        earlyTo = isRest ? to : early.length;
    }

    /** Gives the phase what was held. */
    void replay() throws IOException {
        if (!closed && earlyFrom < earlyTo) {
            int from = earlyFrom;
            int to = earlyTo;
            earlyFrom = earlyTo;
            phase.received(early, from, to);
            if (earlyFrom == earlyTo) {
                early = null;
            }
        }
    }

    void dropHeld() {
        early = null;
        earlyFrom = earlyTo;
    }

    void expireAfter(Duration time) {
        deadlineNanos = System.nanoTime() + time.toNanos();
        hasDeadline = true;
        loop.watch(this);
    }

    void expireNever() {
        hasDeadline = false;
        loop.unwatch(this);
    }

    /** When the phase expires, by {@link System#nanoTime}; meaningful while the loop watches this connection. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    /** The loop looks at the deadline. */
    void tick(long nowNanos) throws IOException {
        if (hasDeadline && nowNanos - deadlineNanos >= 0) {
            expireNever();
            phase.expired();
        }
    }

    Phase phase() {
        return phase;
    }

    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            close();
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        outgoing = null;
        dropHeld();
        expireNever();
        claim.release();
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close failed peer={} reason={}", peer, e.toString());
        }
        loop.forget(this);
        shared.closed(this);
        try {
            phase.left();
        } catch (RuntimeException e) {
            LOG.error("a connection's end was not taken peer={}", peer, e);
        }
    }

    /** Closes with a TCP reset: what the kernel still holds for the client is dropped. */
    void abort() {
        if (!closed) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                LOG.debug("reset failed peer={} reason={}", peer, e.toString());
            }
            close();
        }
    }

    InetAddress peer() {
        return peer;
    }

    /** Counts this connection as one of {@code client} in place of what it was counted as; false: that client has enough. */
    boolean claim(InetAddress client) {
        AddressCounts.Claim next = shared.addresses().claim(client);
        if (next == null) {
            return false;
        }
        claim.release();
        claim = next;
        if (closed) {
            next.release();
        }
        return true;
    }
}
