package dev.jetstream.relay;

import dev.jetstream.Patience;
import dev.jetstream.websocket.FrameHeader;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.SocketFactory;

/** A blocking subscriber of a relay, just as much as tests need. */
final class RelayClient implements AutoCloseable {

    record Message(int opcode, byte[] payload) {
        int closeCode() {
            return opcode == FrameHeader.CLOSE ? (payload[0] & 0xFF) << 8 | payload[1] & 0xFF : -1;
        }

        TestFrames.Parsed parsed() throws IOException {
            return TestFrames.parse(payload);
        }

        long seq() throws IOException {
            return parsed().body().get("seq").asLong();
        }
    }

    final Socket socket;
    private final BufferedInputStream in;
    final int status;
    final String head;

    private RelayClient(Socket socket, String target, String headers) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(Patience.MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        socket.getOutputStream()
                .write(("GET " + target + " HTTP/1.1\r\nHost: relay\r\n" + headers + "\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the relay hung up: " + text);
            }
            text.append((char) next);
        }
        head = text.toString();
        status = Integer.parseInt(head.split(" ")[1]);
    }

    static RelayClient connect(RelayServer relay, String query) throws IOException {
        return connect(relay.uri(), query, SocketFactory.getDefault());
    }

    static RelayClient connect(URI uri, String query, SocketFactory sockets) throws IOException {
        return new RelayClient(
                sockets.createSocket(uri.getHost(), uri.getPort()),
                uri.getPath() + query,
                "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    }

    /** A plain GET. */
    static RelayClient get(RelayServer relay, String target) throws IOException {
        return new RelayClient(new Socket(relay.uri().getHost(), relay.port()), target, "");
    }

    /** The next message; whole, as the relay never fragments. */
    Message read() throws IOException {
        byte[] header = new byte[FrameHeader.MAX_BYTES];
        need(in.readNBytes(header, 0, 2), 2);
        int length = FrameHeader.length(header, 0, 2);
        need(in.readNBytes(header, 2, length - 2), length - 2);
        byte[] payload = in.readNBytes((int) FrameHeader.payloadLength(header, 0));
        need(payload.length, FrameHeader.payloadLength(header, 0));
        return new Message(FrameHeader.opcode(header, 0), payload);
    }

    private static void need(int got, long wanted) throws EOFException {
        if (got < wanted) {
            throw new EOFException(got + " of " + wanted + " bytes");
        }
    }

    /** What a plain answer says. */
    String body() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    void send(int opcode, byte[] payload) throws IOException {
        byte[] frame = FrameHeader.frame(opcode, payload);
        int at = FrameHeader.size(payload.length);
        byte[] masked = new byte[frame.length + 4];
        System.arraycopy(frame, 0, masked, 0, at);
        masked[1] |= (byte) 0x80;
        byte[] key = {1, 2, 3, 4};
        System.arraycopy(key, 0, masked, at, 4);
        System.arraycopy(payload, 0, masked, at + 4, payload.length);
        FrameHeader.unmask(masked, at + 4, masked.length, key, 0, 0);
        sendRaw(masked);
    }

    void sendRaw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
