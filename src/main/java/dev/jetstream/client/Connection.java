package dev.jetstream.client;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One websocket from its handshake to its end: limits its demand to the room in {@link Delivery}, keeps its sends in order, and
 * records when it last received anything.
 *
 * <p>The JDK's websocket (seen in 17) handles an end without a close frame badly: it discards messages that it has not passed
 * on, which the resume recovers, and it reports no end that comes during a listener call or without demand, which the pings of
 * {@link #checkLiveness} detect.
 */
final class Connection implements WebSocket.Listener {
    /** "The connection ended without a close frame" (RFC 6455, section 7.1.5). */
    static final int NO_CLOSE_FRAME = 1006;

    /**
     * The maximum demand. Each call of the listener brings at most one message, or a part no larger than the JDK's receive
     * buffer, so this bounds what may arrive when the buffer is full.
     */
    private static final int WINDOW = 64;

    private static final byte[] PING_PAYLOAD = {'j', 's'};

    private final URI server;
    private final Session session;
    private final Intake intake;
    private final Delivery<?> delivery;
    private final MessageAssembler assembler;
    private final long openedNanosLimit;

    // Guarded by this.
    private @Nullable WebSocket socket;
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

    /** @param settled how long a connection without events must be open to count as good */
    Connection(
            URI server,
            Session session,
            Intake intake,
            Delivery<?> delivery,
            MessageAssembler assembler,
            Duration settled) {
        this.server = server;
        this.session = session;
        this.intake = intake;
        this.delivery = delivery;
        this.assembler = assembler;
        this.openedNanosLimit = settled.toNanos();
    }

    URI server() {
        return server;
    }

    /** Whether it brought an event or stayed open long enough. */
    boolean wasGood() {
        return anyEvent || openedNanos != 0 && System.nanoTime() - openedNanos >= openedNanosLimit;
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
        session.onOpened(this);
        pull();
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        return received(() -> assembler.text(part, last));
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer part, boolean last) {
        return received(() -> assembler.binary(part, last));
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer payload) {
        return received(() -> null);
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer payload) {
        return received(() -> null);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        // Not aborted: the JDK answers the close frame, then closes.
        if (detach() != null) {
            session.onEnded(this, code, reason);
        }
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(NO_CLOSE_FRAME, JetstreamException.describe(error, server));
    }

    private interface Part {
        @Nullable
        String message() throws MessageAssembler.OversizedException, MalformedEventException;
    }

    private @Nullable CompletionStage<?> received(Part part) {
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
        } catch (Throwable e) {
            session.onFatal(this, e);
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
                EventLine event = intake.event(message);
                if (event != null) {
                    anyEvent = true;
                    delivery.offer(event);
                }
            }
        } catch (MessageAssembler.OversizedException | MalformedEventException e) {
            intake.onBadMessage(e);
        }
    }

    /** Requests as many messages as there is room for. Any thread. */
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
     * Ends a connection that was silent for {@code limit}, and pings it after a sixth of that; a ping fails if the socket has
     * ended. On the timer's thread.
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
                end(NO_CLOSE_FRAME, JetstreamException.describe(error, server));
                return null;
            });
        }
    }

    /** Sends a text message after those sent before; a failure ends the connection. */
    synchronized void send(String text) {
        WebSocket to = socket;
        if (ended || to == null) {
            return;
        }
        sent = sent.thenCompose(before -> to.sendText(text, true));
        sent.exceptionally(error -> {
            end(NO_CLOSE_FRAME, JetstreamException.describe(error, server));
            return null;
        });
    }

    private void end(int code, String reason) {
        if (stop()) {
            session.onEnded(this, code, reason);
        }
    }

    /** Ends it without notifying the session; false when it had already ended. */
    boolean stop() {
        Runnable abort = detach();
        if (abort != null) {
            abort.run();
        }
        return abort != null;
    }

    /** Ends it for the session; returns what aborts the socket, or null when it had already ended. */
    private synchronized @Nullable Runnable detach() {
        if (ended) {
            return null;
        }
        ended = true;
        assembler.close();
        return socket == null ? () -> {} : socket::abort;
    }

    /** Closes it with a close frame of 1000, which may take a second. */
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
