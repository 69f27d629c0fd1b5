package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.Patience;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that sends any bytes, and reads answers and frames with a deadline. */
public final class WireClient implements AutoCloseable {
    public static final String HANDSHAKE = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    /** An answer; names of headers in lower case. */
    public record HttpAnswer(int status, String head, String body) {
        public String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return null;
        }
    }

    public final Socket socket = new Socket();
    private final InputStream in;

    public WireClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    /** @param receiveBuffer bytes; 0: the kernel's choice */
    public WireClient(InetSocketAddress address, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(Patience.MILLIS);
        socket.connect(address, Patience.MILLIS);
        in = socket.getInputStream();
    }

    public WireClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public WireClient send(byte[]... pieces) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            all.writeBytes(piece);
        }
        socket.getOutputStream().write(all.toByteArray());
        return this;
    }

    /** Sends a GET and reads its answer. */
    public HttpAnswer get(String target, String... headers) throws IOException {
        return send(request("GET", target, headers)).answer();
    }

    public static String request(String method, String target, String... headers) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n";
    }

    /** Upgrades; the stream is open when this returns. */
    public WireClient subscribe(String target) throws IOException {
        HttpAnswer answer = send(request("GET", target, HANDSHAKE)).readHead();
        assertThat(answer.status()).as(answer.head()).isEqualTo(101);
        return this;
    }

    public HttpAnswer answer() throws IOException {
        HttpAnswer head = readHead();
        String length = head.header("content-length");
        byte[] body = in.readNBytes(length == null ? 0 : Integer.parseInt(length));
        return new HttpAnswer(head.status(), head.head(), new String(body, StandardCharsets.UTF_8));
    }

    /** An answer without what may follow its head. */
    public HttpAnswer readHead() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int b = in.read();
            assertThat(b).as("end of stream after: " + head).isNotNegative();
            head.append((char) b);
        }
        return new HttpAnswer(Integer.parseInt(head.substring(9, 12)), head.toString(), "");
    }

    public byte[] read(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        assertThat(read).hasSize(bytes);
        return read;
    }

    /** Whether the server ends the stream in an orderly way, and sends nothing before. */
    public boolean isEnded() throws IOException {
        return in.read() < 0;
    }

    /** A masked frame. */
    public static byte[] frame(int opcode, byte[] payload) {
        return frame(0x80 | opcode, payload, true);
    }

    public static byte[] frame(int opcode, String payload) {
        return frame(opcode, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** A frame with any first byte. */
    public static byte[] frame(int firstByte, byte[] payload, boolean masked) {
        byte[] plain = FrameHeader.frame(firstByte & 0xF, payload);
        plain[0] = (byte) firstByte;
        if (!masked) {
            return plain;
        }
        byte[] key = {1, 2, 3, 4};
        int head = FrameHeader.size(payload.length);
        byte[] out = new byte[plain.length + key.length];
        System.arraycopy(plain, 0, out, 0, head);
        out[1] |= (byte) 0x80;
        System.arraycopy(key, 0, out, head, key.length);
        System.arraycopy(payload, 0, out, head + key.length, payload.length);
        FrameHeader.unmask(out, head + key.length, out.length, key, 0, 0);
        return out;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
