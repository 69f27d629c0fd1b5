package dev.jetstream.client;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import dev.jetstream.websocket.Handshake;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A websocket server on a port of its own that plays one script a connection, in order; the last one for all that follow. */
public final class ScriptedServer implements AutoCloseable {
    /** What happens on one connection, from behind the request's head; the socket is closed when it returns. */
    @FunctionalInterface
    public interface Script {
        void play(Peer peer) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final List<Script> scripts;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    public ScriptedServer(Script... scripts) {
        this.scripts = List.of(scripts);
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** A script that answers without an upgrade. */
    public static Script http(String status, String body) {
        return peer -> peer.answer(status, body);
    }

    public String url() {
        return "ws://127.0.0.1:" + listener.getLocalPort() + "/subscribe";
    }

    /** The request targets so far, in order. */
    public List<String> requests() {
        return requests;
    }

    private void accept() {
        for (int index = 0; !listener.isClosed(); index++) {
            Script script = scripts.get(Math.min(index, scripts.size() - 1));
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                start(() -> serve(socket, script));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            Peer peer = new Peer(socket);
            requests.add(peer.target());
            script.play(peer);
        } catch (IOException e) {
            // The client left, or the test is over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's end of one connection. */
    public static final class Peer {
        private final Socket socket;
        private final DataInputStream in;
        private final List<String> head = new ArrayList<>();

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            socket.setTcpNoDelay(true);
            in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            StringBuilder line = new StringBuilder();
            while (true) {
                char next = (char) in.readUnsignedByte();
                if (next == '\n') {
                    if (line.isEmpty()) {
                        return;
                    }
                    head.add(line.toString());
                    line.setLength(0);
                } else if (next != '\r') {
                    line.append(next);
                }
            }
        }

        /** The request target, decoded. */
        public String target() {
            return URLDecoder.decode(head.get(0).split(" ")[1], StandardCharsets.UTF_8);
        }

        public String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ": ";
            return head.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .findFirst()
                    .orElse(null);
        }

        public Peer upgrade() throws IOException {
            write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Handshake.accept(header("Sec-WebSocket-Key")) + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            return this;
        }

        public void answer(String status, String body) throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            write(("HTTP/1.1 " + status + "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n"
                            + "Content-Length: " + bytes.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            write(bytes);
        }

        public Peer text(String... messages) throws IOException {
            for (String message : messages) {
                write(FrameHeader.frame(FrameHeader.TEXT, message.getBytes(StandardCharsets.UTF_8)));
            }
            return this;
        }

        /** A text message in fragments of so many bytes. */
        public Peer fragmented(String message, int size) throws IOException {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            for (int from = 0; from < bytes.length; from += size) {
                int to = Math.min(bytes.length, from + size);
                byte[] frame = FrameHeader.frame(
                        from == 0 ? FrameHeader.TEXT : FrameHeader.CONTINUATION, Arrays.copyOfRange(bytes, from, to));
                if (to < bytes.length) {
                    frame[0] &= 0x7F;
                }
                write(frame);
            }
            return this;
        }

        public Peer binary(byte[] message) throws IOException {
            return write(FrameHeader.frame(FrameHeader.BINARY, message));
        }

        public Peer ping(String payload) throws IOException {
            return write(FrameHeader.frame(FrameHeader.PING, payload.getBytes(StandardCharsets.UTF_8)));
        }

        /**
         * Waits until the client has handled all that was sent. A script that ends its connection without a close frame needs it:
         * the JDK throws away messages that it has not handed on when the end comes.
         */
        public void sync() throws IOException {
            ping("sync");
            Frame frame;
            do {
                frame = read();
            } while (frame.opcode() != FrameHeader.PONG || !frame.text().equals("sync"));
        }

        public void close(int code, String reason) throws IOException {
            write(CloseFrame.of(code, reason));
        }

        public Peer write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            return this;
        }

        /** The next frame that the client sends, control frames too. */
        public Frame read() throws IOException {
            byte[] header = new byte[FrameHeader.MAX_BYTES];
            in.readFully(header, 0, 2);
            int length = FrameHeader.length(header, 0, 2);
            in.readFully(header, 2, length - 2);
            byte[] payload = new byte[(int) FrameHeader.payloadLength(header, 0)];
            in.readFully(payload);
            FrameHeader.unmask(payload, 0, payload.length, header, length - 4, 0);
            return new Frame(FrameHeader.opcode(header, 0), FrameHeader.isFinal(header, 0), payload);
        }

        /** The next text message, put together; answers nothing and skips control frames. */
        public String readText() throws IOException {
            StringBuilder text = new StringBuilder();
            while (true) {
                Frame frame = read();
                if (frame.opcode() <= FrameHeader.TEXT) {
                    text.append(frame.text());
                    if (frame.last()) {
                        return text.toString();
                    }
                }
            }
        }

        /** Reads until the client is gone. */
        public void drain() throws IOException {
            while (true) {
                read();
            }
        }
    }

    /** A frame from the client, unmasked. */
    public record Frame(int opcode, boolean last, byte[] payload) {
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }
}
