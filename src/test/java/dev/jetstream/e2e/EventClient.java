package dev.jetstream.e2e;

import dev.jetstream.http.WireClient;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A websocket client with a thread of its own that hands on what it reads, quick enough for a hundred at a time. */
final class EventClient implements AutoCloseable {
    /** Gets the messages, on the client's thread. */
    interface Sink {
        /** One whole text or binary message. */
        void message(int opcode, byte[] bytes, int from, int to);
    }

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int NOT_CLOSED = -1;

    private final WireClient wire;
    private final Sink sink;
    private final Thread reading = new Thread(this::read, "event-client");
    private byte[] buffer = new byte[BUFFER_BYTES];
    private volatile int closeCode = NOT_CLOSED;
    private volatile String closeReason = "";
    private volatile Throwable failure;

    private EventClient(WireClient wire, Sink sink) {
        this.wire = wire;
        this.sink = sink;
    }

    /** Subscribes; when it returns the upgrade is answered. */
    static EventClient open(InetSocketAddress server, String target, Sink sink) throws IOException {
        EventClient client = new EventClient(new WireClient(server).subscribe(target), sink);
        client.reading.setDaemon(true);
        client.reading.start();
        return client;
    }

    /** Sends a text message. */
    void send(String text) throws IOException {
        send(WireClient.frame(FrameHeader.TEXT, text));
    }

    /** Sends bytes as they are, and makes no copy of them. */
    void send(byte[] bytes) throws IOException {
        wire.socket.getOutputStream().write(bytes);
    }

    /** Waits for the end of the connection, the server's doing. */
    EventClient awaitEnd() {
        Await.until(() -> !reading.isAlive(), () -> "the connection is still open");
        return this;
    }

    boolean isEnded() {
        return !reading.isAlive();
    }

    /** The code of the server's close frame; -1 as long as there was none. */
    int closeCode() {
        return closeCode;
    }

    String closeReason() {
        return closeReason;
    }

    private void read() {
        try {
            InputStream in = wire.socket.getInputStream();
            int start = 0;
            int end = 0;
            while (true) {
                if (end == buffer.length) {
                    makeRoom(start, end);
                    end -= start;
                    start = 0;
                }
                int count = in.read(buffer, end, buffer.length - end);
                if (count < 0) {
                    return;
                }
                end += count;
                start = frames(start, end);
            }
        } catch (SocketTimeoutException e) {
            failure = e;
        } catch (IOException e) {
            // The end of a connection that was cut; who cares looks at the close code.
        } catch (RuntimeException | AssertionError e) {
            failure = e;
        } finally {
            end();
        }
    }

    /** As client libraries do once the server has ended the connection. */
    private void end() {
        try {
            wire.close();
        } catch (IOException e) {
            failure = e;
        }
    }

    private void makeRoom(int start, int end) {
        byte[] to = start > 0 ? buffer : new byte[2 * buffer.length];
        System.arraycopy(buffer, start, to, 0, end - start);
        buffer = to;
    }

    private int frames(int from, int end) throws IOException {
        int at = from;
        while (true) {
            int header = FrameHeader.length(buffer, at, end);
            if (header < 0 || end - at < header || end - at - header < FrameHeader.payloadLength(buffer, at)) {
                return at;
            }
            int start = at + header;
            int stop = start + (int) FrameHeader.payloadLength(buffer, at);
            frame(FrameHeader.opcode(buffer, at), start, stop);
            at = stop;
        }
    }

    private void frame(int opcode, int from, int to) throws IOException {
        switch (opcode) {
            case FrameHeader.TEXT, FrameHeader.BINARY -> sink.message(opcode, buffer, from, to);
            case FrameHeader.PING ->
                wire.send(WireClient.frame(FrameHeader.PONG, Arrays.copyOfRange(buffer, from, to)));
            case FrameHeader.CLOSE -> {
                closeReason = new String(buffer, from + 2, to - from - 2, StandardCharsets.UTF_8);
                closeCode = (buffer[from] & 0xFF) << 8 | buffer[from + 1] & 0xFF;
                wire.send(WireClient.frame(FrameHeader.CLOSE, Arrays.copyOfRange(buffer, from, from + 2)));
            }
            default -> throw new AssertionError("the server sent a frame of opcode " + opcode);
        }
    }

    /** Drops the connection. */
    @Override
    public void close() throws IOException {
        wire.close();
        try {
            reading.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new AssertionError("the client failed", failure);
        }
    }
}
