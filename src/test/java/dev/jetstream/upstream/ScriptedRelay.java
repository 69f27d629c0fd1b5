package dev.jetstream.upstream;

import dev.jetstream.Patience;
import dev.jetstream.websocket.FrameHeader;
import dev.jetstream.websocket.Handshake;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A relay over a real socket that does to its n-th connection what the test's n-th script says (the last one again from then
 * on).
 */
final class ScriptedRelay implements AutoCloseable {
    /** What happens on one connection. An IOException ends it: the other side has gone. */
    interface Script {
        void run(Peer peer) throws IOException;
    }

    final List<Peer> peers = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final AtomicInteger accepted = new AtomicInteger();
    private final ServerSocket server;
    private final List<Script> scripts;

    ScriptedRelay(Script... scripts) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), scripts);
    }

    ScriptedRelay(ServerSocket server, Script... scripts) {
        this.server = server;
        this.scripts = List.of(scripts);
        daemon(this::accept);
    }

    URI url(String pathAndQuery) {
        return URI.create("ws://127.0.0.1:" + server.getLocalPort() + pathAndQuery);
    }

    URI url() {
        return url("/xrpc/com.atproto.sync.subscribeRepos");
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                int n = accepted.getAndIncrement();
                daemon(() -> serve(socket, scripts.get(Math.min(n, scripts.size() - 1))));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            Peer peer = new Peer(socket);
            peers.add(peer);
            script.run(peer);
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "scripted-relay");
        thread.setDaemon(true);
        thread.start();
    }

    /** For scripts that wait for the test. */
    static void await(CountDownLatch latch) {
        try {
            if (!latch.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Peer peer : peers) {
            peer.socket.close();
        }
    }

    /** One connection, from the relay's side. */
    static final class Peer {
        final Socket socket;
        final DataInputStream in;
        final OutputStream out;
        volatile String requestHead = "";

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        String readHead() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                head.write(in.readUnsignedByte());
            }
            requestHead = head.toString(StandardCharsets.ISO_8859_1);
            return requestHead;
        }

        String header(String name) {
            return requestHead
                    .lines()
                    .filter(line -> line.toLowerCase().startsWith(name.toLowerCase() + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse("");
        }

        String requestLine() {
            return requestHead.lines().findFirst().orElse("");
        }

        void upgrade() throws IOException {
            readHead();
            send(answer(header("Sec-WebSocket-Key")));
        }

        static byte[] answer(String key) {
            return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: " + Handshake.accept(key) + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
        }

        void send(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void message(byte[] frame) throws IOException {
            send(FrameHeader.frame(FrameHeader.BINARY, frame));
        }

        /** Sends nothing more and waits until the other side closes. */
        void holdOpen() throws IOException {
            while (in.read() >= 0) {
                // what the client still says
            }
        }

        /** The next frame of the client's: its opcode, then its unmasked payload. */
        byte[] clientFrame() throws IOException {
            int opcode = in.readUnsignedByte() & 0xF;
            int length = in.readUnsignedByte();
            if ((length & 0x80) == 0) {
                throw new IOException("a client's frame must be masked");
            }
            byte[] key = in.readNBytes(4);
            byte[] payload = in.readNBytes(length & 0x7F);
            FrameHeader.unmask(payload, 0, payload.length, key, 0, 0);
            byte[] frame = new byte[payload.length + 1];
            frame[0] = (byte) opcode;
            System.arraycopy(payload, 0, frame, 1, payload.length);
            return frame;
        }
    }
}
