package dev.jetstream.relay;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import dev.jetstream.websocket.FrameParser;
import dev.jetstream.websocket.Handshake;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's socket after the upgrade. The thread that calls {@link #run} reads; a second one sends frames. Both write
 * whole messages under one lock.
 */
final class RelayConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RelayConnection.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOSE_LOCK_MILLIS = 200;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int HALF_A_FRAME = 500;
    private static final int MAX_CLIENT_FRAME_BYTES = 64 * 1024;

    /** The faults that a test injects, common to all connections of a relay. Thread-safe. */
    static final class Faults {
        /** The status that answers upgrades; 0: accept. */
        volatile int refusal;

        volatile boolean endAtOnce;
        volatile long replayed;
        volatile boolean trickle;
        volatile boolean silent;
        private boolean paused;

        synchronized void pause(boolean alsoPongs) {
            paused = true;
            silent = alsoPongs;
        }

        synchronized void resume() {
            paused = false;
            silent = false;
            notifyAll();
        }

        synchronized void awaitSending() throws InterruptedException {
            while (paused) {
                wait();
            }
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final FrameParser parser = new FrameParser(FrameParser.Peer.CLIENT);
    private final byte[] received = new byte[8 * 1024];
    private final Faults faults;
    /** Fair, so that a pong or a close gets in between two batches. */
    private final ReentrantLock writing = new ReentrantLock(true);

    private final Queue<byte[]> injected = new ConcurrentLinkedQueue<>();
    /** When the current write began; 0: none. */
    private volatile long writeSince;
    /** When the last bytes were sent; 0: not yet. Nothing follows them. */
    private volatile long closeSince;

    RelayConnection(Socket socket, BufferedInputStream in, Faults faults) throws IOException {
        this.socket = socket;
        this.in = in;
        this.out = socket.getOutputStream();
        this.faults = faults;
    }

    /** Answers the upgrade. */
    void accept(String key) throws IOException {
        write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Handshake.accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends the reader's frames until either side ends the connection; returns when the client is gone. */
    void run(FrameSource.FrameReader reader, String name) throws IOException {
        Thread sender = new Thread(() -> sendAll(reader), name);
        sender.setDaemon(true);
        sender.start();
        try {
            readAll();
        } finally {
            sender.interrupt();
            socket.close();
        }
    }

    /** Reads and answers control frames until the client closes; its data is ignored. */
    void readAll() throws IOException {
        boolean open = true;
        while (open) {
            open = readClient();
        }
    }

    private void sendAll(FrameSource.FrameReader reader) {
        FrameBatch batch = new FrameBatch();
        try {
            while (true) {
                faults.awaitSending();
                for (byte[] bytes = injected.poll(); bytes != null; bytes = injected.poll()) {
                    write(bytes);
                }
                batch.clear();
                if (!reader.read(batch, POLL_NANOS)) {
                    error("ConsumerTooSlow", "the client needs frames that this relay no longer keeps");
                    return;
                }
                if (!batch.isEmpty()) {
                    faults.awaitSending();
                    write(batch.bytes(), batch.size());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("sending to a client failed reason={}", e.getMessage());
            abort();
        } catch (RuntimeException e) {
            LOG.error("the source of frames failed", e);
            close(CloseFrame.INTERNAL_ERROR, "the relay has no more frames");
        }
    }

    /** Sends an error frame, then closes. */
    void error(String error, String message) throws IOException {
        message(StreamFrames.error(error, message));
        close(CloseFrame.POLICY_VIOLATION, error);
    }

    /** Sends a frame as one binary message. */
    void message(byte[] frame) throws IOException {
        write(FrameHeader.frame(FrameHeader.BINARY, frame));
    }

    /** Queues bytes to be sent as they are. */
    void inject(byte[] bytes) {
        injected.add(bytes);
    }

    /** Sends a close frame, once; if a write is stuck, aborts. */
    void close(int code, String reason) {
        if (!writeLast(CloseFrame.of(code, reason))) {
            abort();
        }
    }

    /** Resets the connection. */
    void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            LOG.debug("a socket is already closed reason={}", e.getMessage());
        }
        closeQuietly(socket);
    }

    /** Ends the connection within a message: the client gets its header and half of its bytes. */
    void cutMidFrame() {
        byte[] half = new byte[FrameHeader.MAX_BYTES + HALF_A_FRAME];
        int size = FrameHeader.write(half, 0, FrameHeader.BINARY, 2 * HALF_A_FRAME) + HALF_A_FRAME;
        writeLast(Arrays.copyOf(half, size));
        closeQuietly(socket);
    }

    static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socket failed reason={}", e.getMessage());
        }
    }

    /** Whether the current write takes longer than this, or the client has not answered a close in time. */
    boolean isOverdue(long nanos) {
        long writing = writeSince;
        long closing = closeSince;
        long now = System.nanoTime();
        return writing != 0 && now - writing > nanos || closing != 0 && now - closing > CLOSE_NANOS;
    }

    /** Writes the last bytes of this connection; false when a write is stuck or fails. */
    private boolean writeLast(byte[] bytes) {
        try {
            if (!writing.tryLock(CLOSE_LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                return false;
            }
            try {
                write(bytes);
                closeSince = closeSince == 0 ? System.nanoTime() | 1 : closeSince;
                return true;
            } finally {
                writing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    private void write(byte[] bytes, int length) throws IOException {
        writing.lock();
        writeSince = System.nanoTime() | 1;
        try {
            if (closeSince == 0) {
                int at = 0;
                while (at < length && faults.trickle) {
                    out.write(bytes[at++]);
                }
                out.write(bytes, at, length - at);
            }
        } finally {
            writeSince = 0;
            writing.unlock();
        }
    }

    /** Reads and answers what the client has sent; false at the end. */
    private boolean readClient() throws IOException {
        int read = in.read(received);
        if (read < 0) {
            return false;
        }
        int at = 0;
        while (true) {
            FrameParser.Found found = parser.next(received, at, read);
            at = parser.end();
            if (found == FrameParser.Found.MORE) {
                return true;
            }
            if (found == FrameParser.Found.FAULT || parser.payloadLength() > MAX_CLIENT_FRAME_BYTES) {
                boolean tooBig = found != FrameParser.Found.FAULT;
                close(tooBig ? CloseFrame.TOO_BIG : parser.fault().code(), "not a valid frame");
                return false;
            }
            if (!faults.silent && !answer(found)) {
                return false;
            }
        }
    }

    private boolean answer(FrameParser.Found found) throws IOException {
        if (found == FrameParser.Found.PING) {
            write(FrameHeader.frame(FrameHeader.PONG, parser.controlPayload()));
        } else if (found == FrameParser.Found.CLOSE) {
            byte[] payload = parser.controlPayload();
            write(FrameHeader.frame(FrameHeader.CLOSE, Arrays.copyOf(payload, Math.min(2, payload.length))));
            return false;
        }
        return true;
    }
}
