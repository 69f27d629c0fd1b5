package dev.jetstream.client;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One websocket, from its handshake to its one end: keeps its demand within the room that the {@link Delivery} has, its sends in
 * order, and notes when something was last heard.
 *
 * <p>A socket's end without a close frame is a weak spot of the JDK's websocket (seen in 17): messages not yet handed on are
 * thrown away with it, which the resume makes good, and an end that comes while a message is being handled, or while nothing is
 * asked for, is told to no listener, which the pings of {@link #checkLiveness} find.
 */
final class Connection implements WebSocket.Listener {
    /** "The connection ended without a close frame" (RFC 6455, section 7.1.5). */
    static final int NO_CLOSE_FRAME = 1006;

    /**
     * The most calls of the listener asked for at once. Each brings at most one message, or a part of one no larger than the
     * JDK's receive buffer, so this bounds what may arrive beyond the room.
     */
    private static final int WINDOW = 64;

    private static final byte[] PING_PAYLOAD = {'j', 's'};

    /** Who is told; {@code onMessage} under this connection's lock, the others without it. */
    interface Owner {
        void onOpened(Connection connection);

        /** A whole message. */
        void onMessage(Connection connection, String json);

        /** A message that is none. */
        void onBadMessage(Connection connection, Exception reason);

        /** Once, after which nothing follows. */
        void onEnded(Connection connection, int code, String reason);

        /** The stream cannot go on. */
        void onFatal(Connection connection, JetstreamException reason);
    }

    private final URI server;
    private final Owner owner;
    private final Delivery delivery;
    private final MessageAssembler assembler;
    private final long openedNanosLimit;

    // Guarded by this.
    private WebSocket socket;
    private int outstanding;
    private boolean ended;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    /** On the timer's thread only. */
    private long pingedNanos = System.nanoTime();

    private CompletableFuture<?> ping = CompletableFuture.completedFuture(null);

    private volatile boolean delivering;
    private volatile long heardNanos;
    private volatile long openedNanos;
    private volatile boolean anyEvent;

    /** @param settled how long a connection must have been open to count as a good one though it brought no event */
    Connection(URI server, Owner owner, Delivery delivery, MessageAssembler assembler, Duration settled) {
        this.server = server;
        this.owner = owner;
        this.delivery = delivery;
        this.assembler = assembler;
        this.openedNanosLimit = settled.toNanos();
    }

    URI server() {
        return server;
    }

    /** Whether it brought an event, or stayed open for long enough. */
    boolean wasGood() {
        return anyEvent || openedNanos != 0 && System.nanoTime() - openedNanos >= openedNanosLimit;
    }

    void broughtEvent() {
        anyEvent = true;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        synchronized (this) {
            if (ended) {
                webSocket.abort();
                return;
            }
            socket = webSocket;
        }
        heard();
        openedNanos = System.nanoTime();
        owner.onOpened(this);
        pull();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        return received(() -> assembler.text(part, last));
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
        return received(() -> assembler.binary(part, last));
    }

    @Override
    public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer payload) {
        return received(() -> null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer payload) {
        return received(() -> null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        // Not aborted: the JDK answers the close frame, then closes.
        if (detach() != null) {
            owner.onEnded(this, code, reason);
        }
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(NO_CLOSE_FRAME, Failures.describe(error, server));
    }

    private interface Part {
        String message() throws OversizedException, MalformedEventException;
    }

    private CompletionStage<?> received(Part part) {
        heard();
        delivering = true;
        try {
            synchronized (this) {
                outstanding--;
                if (ended) {
                    return null;
                }
                take(part);
            }
            delivery.drain();
        } catch (JetstreamException e) {
            owner.onFatal(this, e);
        } finally {
            heard();
            delivering = false;
        }
        pull();
        return null;
    }

    private void take(Part part) {
        try {
            String message = part.message();
            if (message != null) {
                owner.onMessage(this, message);
            }
        } catch (OversizedException | MalformedEventException e) {
            owner.onBadMessage(this, e);
        }
    }

    /** Asks the socket for as much as there is room for. Any thread. */
    void pull() {
        WebSocket to;
        int more;
        synchronized (this) {
            if (ended || socket == null || outstanding > WINDOW / 2) {
                return;
            }
            more = Math.min(WINDOW, delivery.room()) - outstanding;
            if (more <= 0) {
                return;
            }
            if (outstanding == 0) {
                heard();
            }
            outstanding += more;
            to = socket;
        }
        to.request(more);
    }

    private void heard() {
        heardNanos = System.nanoTime();
    }

    /**
     * Ends a connection that was silent for {@code limit}, and pings it from a sixth of that on; where the socket has ended, a
     * ping fails. On the timer's thread.
     */
    void checkLiveness(Duration limit) {
        WebSocket to;
        synchronized (this) {
            if (ended || socket == null || outstanding == 0 || delivering) {
                return;
            }
            to = socket;
        }
        long now = System.nanoTime();
        long silentNanos = now - heardNanos;
        long probeNanos = limit.toNanos() / 6;
        if (silentNanos >= limit.toNanos()) {
            end(NO_CLOSE_FRAME, "silent for " + TimeUnit.NANOSECONDS.toMillis(silentNanos) + " ms");
        } else if (silentNanos >= probeNanos && now - pingedNanos >= probeNanos / 4 && ping.isDone()) {
            pingedNanos = now;
            ping = to.sendPing(ByteBuffer.wrap(PING_PAYLOAD));
            ping.exceptionally(error -> {
                end(NO_CLOSE_FRAME, Failures.describe(error, server));
                return null;
            });
        }
    }

    /** Sends a text message behind those sent before; a failure ends the connection. */
    synchronized void send(String text) {
        WebSocket to = socket;
        if (ended || to == null) {
            return;
        }
        sent = sent.thenCompose(before -> to.sendText(text, true));
        sent.exceptionally(error -> {
            end(NO_CLOSE_FRAME, Failures.describe(error, server));
            return null;
        });
    }

    private void end(int code, String reason) {
        if (stop()) {
            owner.onEnded(this, code, reason);
        }
    }

    /** Ends it without a word to the owner; false when it had ended before. */
    boolean stop() {
        Runnable abort = detach();
        if (abort != null) {
            abort.run();
        }
        return abort != null;
    }

    /** Lets nothing more through; returns what aborts the socket, or null when it had ended before. */
    private synchronized Runnable detach() {
        if (ended) {
            return null;
        }
        ended = true;
        assembler.close();
        return socket == null ? () -> {} : socket::abort;
    }

    /** Says goodbye first: a close frame with 1000, for which a second is allowed. */
    void close() {
        WebSocket to;
        synchronized (this) {
            to = ended ? null : socket;
        }
        if (to == null) {
            stop();
            return;
        }
        to.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(1, TimeUnit.SECONDS)
                .whenComplete((done, error) -> stop());
    }
}
