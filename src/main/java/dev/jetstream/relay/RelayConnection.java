package dev.jetstream.relay;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import dev.jetstream.websocket.FrameParser;
import dev.jetstream.websocket.Handshake;
import java.io.BufferedInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's socket after the upgrade: this class's threads are the caller of {@link #run}, which reads what the client
 * says, and one that sends frames. Both write under one lock, whole messages only.
 */
final class RelayConnection {
    private static final Logger LOG = LoggerFactory.getLogger(RelayConnection.class);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long CLOSE_LOCK_MILLIS = 200;
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int HALF_A_FRAME = 500;
    private static final int MAX_CLIENT_FRAME_BYTES = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final FrameParser parser = new FrameParser(FrameParser.Peer.CLIENT);
    private final byte[] received = new byte[8 * 1024];
    private final Faults faults;
    /** Fair, so that a pong or a close gets in between two batches. */
    private final ReentrantLock writing = new ReentrantLock(true);

    private final Queue<byte[]> injected = new ConcurrentLinkedQueue<>();
    /** When the write under way began, 0 where there is none. */
    private volatile long writeSince;
    /** When the close frame was sent, 0 before; nothing follows it. */
    private volatile long closeSince;

    RelayConnection(Socket socket, BufferedInputStream in, Faults faults) throws IOException {
        this.socket = socket;
        this.in = in;
        this.out = new TrickleOutput(socket.getOutputStream(), faults);
        this.faults = faults;
    }

    /** Answers the upgrade. */
    void accept(String key) throws IOException {
        write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Handshake.accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends what {@code reader} gives until either side ends it; returns when the client is gone. */
    void run(FrameSource.FrameReader reader, String name) throws IOException {
        Thread sender = new Thread(() -> sendAll(reader), name);
        sender.setDaemon(true);
        sender.start();
        try {
            while (readClient()) {
                // what a client says is answered where RFC 6455 wants an answer, and means nothing else
            }
        } finally {
            sender.interrupt();
            socket.close();
        }
    }

    /** Waits for the client's answer to a close that was sent. */
    void drain() throws IOException {
        while (readClient()) {
            // until the close, or the end of the socket
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
                    error("ConsumerTooSlow", "the client has fallen behind what this relay keeps");
                    return;
                }
                if (!batch.isEmpty()) {
                    faults.awaitSending();
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a client is gone while being sent to reason={}", e.getMessage());
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

    /** Puts bytes in line, to be sent as they are. */
    void inject(byte[] bytes) {
        injected.add(bytes);
    }

    /** Sends a close frame, once; where a write is stuck, the socket is cut off instead. */
    void close(int code, String reason) {
        try {
            if (!writing.tryLock(CLOSE_LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                abort();
                return;
            }
            try {
                write(CloseFrame.of(code, reason));
                markClosed();
            } finally {
                writing.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abort();
        } catch (IOException e) {
            abort();
        }
    }

    /** Ends the socket without a word: the client sees a reset. */
    void abort() {
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException e) {
            LOG.debug("a socket is closed already reason={}", e.getMessage());
        }
        closeSocket();
    }

    /** Ends the socket within a message: the client gets its header and some of its bytes. */
    void cutMidFrame() {
        byte[] half = new byte[FrameHeader.MAX_BYTES + HALF_A_FRAME];
        int size = FrameHeader.write(half, 0, FrameHeader.BINARY, 2 * HALF_A_FRAME) + HALF_A_FRAME;
        try {
            if (writing.tryLock(CLOSE_LOCK_MILLIS, TimeUnit.MILLISECONDS)) {
                try {
                    write(Arrays.copyOf(half, size));
                    markClosed();
                } finally {
                    writing.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("a client is gone before it was cut off reason={}", e.getMessage());
        }
        closeSocket();
    }

    private void closeSocket() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socket failed reason={}", e.getMessage());
        }
    }

    /** Whether a write has been under way for longer than that, or the client owes the answer to a close. */
    boolean isOverdue(long nanos) {
        long writing = writeSince;
        long closing = closeSince;
        long now = System.nanoTime();
        return writing != 0 && now - writing > nanos || closing != 0 && now - closing > CLOSE_NANOS;
    }

    private void markClosed() {
        if (closeSince == 0) {
            closeSince = System.nanoTime() | 1;
        }
    }

    private void write(byte[] bytes) throws IOException {
        begin();
        try {
            if (closeSince == 0) {
                out.write(bytes);
            }
        } finally {
            end();
        }
    }

    private void write(FrameBatch batch) throws IOException {
        begin();
        try {
            if (closeSince == 0) {
                batch.writeTo(out);
            }
        } finally {
            end();
        }
    }

    private void begin() {
        writing.lock();
        writeSince = System.nanoTime() | 1;
    }

    private void end() {
        writeSince = 0;
        writing.unlock();
    }

    /** Reads some of what the client sends and answers it; false when no more will come. */
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
                close(
                        tooBig ? CloseFrame.TOO_BIG : parser.fault().code(),
                        "not a frame that a client of this relay may send");
                return false;
            }
            if (!faults.isSilent() && !answer(found)) {
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

    /** A socket's output that sends each byte by itself while it is told to. */
    private static final class TrickleOutput extends FilterOutputStream {
        private final Faults faults;

        TrickleOutput(OutputStream out, Faults faults) {
            super(out);
            this.faults = faults;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int at = from;
            while (at < from + count && faults.trickles()) {
                out.write(bytes[at++]);
            }
            out.write(bytes, at, from + count - at);
        }
    }
}
