package dev.jetstream.net;

import dev.jetstream.common.LogThrottle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP connections, within the limits, and gives each to one of its loops. Any thread may call. */
public final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final long RETRY_MILLIS = 100;
    private static final long ACCEPTOR_END_MILLIS = 1_000;

    private final Shared shared;
    private final ServerSocketChannel server;
    private final List<Loop> loops;
    private final InetSocketAddress address;
    private final Thread acceptor;
    private int nextLoop;
    private final LogThrottle throttle = new LogThrottle();

    private Listener(Shared shared, ServerSocketChannel server, List<Loop> loops) throws IOException {
        this.shared = shared;
        this.server = server;
        this.loops = loops;
        address = (InetSocketAddress) server.getLocalAddress();
        acceptor = new Thread(this::accept, shared.settings().name() + "-accept");
        acceptor.setDaemon(true);
    }

    /**
     * Binds and starts to accept.
     *
     * @param handler answers the requests
     * @throws IOException if the address cannot be bound
     */
    public static Listener start(ListenerSettings settings, Request.Handler handler, ListenerMetrics metrics)
            throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        List<Loop> loops = new ArrayList<>();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(settings.address(), settings.backlog());
            for (int i = 0; i < settings.loops(); i++) {
                loops.add(new Loop(settings.name() + "-" + i));
            }
            Listener listener = new Listener(new Shared(settings, handler, metrics), server, loops);
            loops.forEach(Loop::start);
            listener.acceptor.start();
            return listener;
        } catch (IOException | RuntimeException e) {
            loops.forEach(Loop::end);
            server.close();
            throw e;
        }
    }

    /** Where it is bound. */
    public InetSocketAddress address() {
        return address;
    }

    /** Open connections, refused ones not counted. */
    public int connections() {
        return shared.open();
    }

    /**
     * Accepts no more, closes the connections that wait for a request, and lets the others come to their end.
     *
     * @return completes when none is left
     */
    public CompletionStage<Void> stop() {
        try {
            server.close();
            // The kernel still accepts while the thread is in its accept call.
            acceptor.join(ACCEPTOR_END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("the listener did not close address={} reason={}", address, e.toString());
        }
        CompletionStage<Void> allGone = shared.stopped();
        for (Loop loop : loops) {
            loop.execute(() -> loop.forEach(connection -> connection.phase().stop()));
        }
        return allGone;
    }

    /** Drops what is left and ends the threads; {@link #stop} first. */
    public void close() {
        loops.forEach(Loop::end);
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                admit(server.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    /** Out of descriptors, most likely: some will be free again, and a tight loop would not help. */
    private void failed(Throwable e) {
        if (throttle.permits()) {
            LOG.error("cannot accept connections address={} open={} reason={}", address, shared.open(), e.toString());
        }
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        boolean isOpened = false;
        AddressCounts.Claim claim = null;
        Refusal refusal = Refusal.BUSY;
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            isOpened = shared.opened();
            if (isOpened) {
                claim = claim(channel);
                refusal = Refusal.BUSY_ADDRESS;
            }
            if (claim != null) {
                serve(new Connection(shared, loop(), channel, claim));
                return;
            }
        } catch (IOException | RuntimeException e) {
            // The client is gone already.
            release(isOpened, claim);
            channel.close();
            return;
        }
        release(isOpened, null);
        turnAway(channel, refusal);
    }

    private AddressCounts.Claim claim(SocketChannel channel) throws IOException {
        var peer = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
        return shared.settings().isProxy().test(peer)
                ? AddressCounts.uncounted()
                : shared.addresses().claim(peer);
    }

    private void serve(Connection connection) {
        connection.run(() -> connection.begin(new HeadPhase(connection, true)));
    }

    private void turnAway(SocketChannel channel, Refusal refusal) throws IOException {
        shared.metrics().refused(refusal);
        if (!shared.refused()) {
            channel.close();
            return;
        }
        try {
            Connection connection = new Connection(shared, loop(), channel, null);
            connection.run(() -> connection.begin(new Phase.Linger(connection, refusal.answer())));
        } catch (IOException e) {
            shared.closed(false);
            channel.close();
        }
    }

    private void release(boolean isOpened, AddressCounts.Claim claim) {
        if (claim != null) {
            claim.release();
        }
        if (isOpened) {
            shared.closed(true);
        }
    }

    private Loop loop() {
        nextLoop = (nextLoop + 1) % loops.size();
        return loops.get(nextLoop);
    }
}
