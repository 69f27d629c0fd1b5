package dev.jetstream.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.fuzz.FuzzTarget;
import dev.jetstream.websocket.Handshake;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is answered to the request for an upgrade, read a few bytes at a time. It ends with the bytes behind the head, or with
 * an end whose text is fit for a log.
 */
public final class UpgradeFuzz implements FuzzTarget {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String GOOD_HEAD =
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Handshake.accept(KEY) + "\r\n\r\n";

    private final RelayUrl url = RelayUrl.of(URI.create("ws://relay.example/xrpc/com.atproto.sync.subscribeRepos"));

    @Override
    public String take(byte[] input) throws IOException {
        Upgrade upgrade = new Upgrade(url, OptionalLong.of(7), "test", KEY, "");
        try {
            ByteBuffer rest = upgrade.perform(new Pieces(input));
            if (rest.remaining() > Upgrade.MAX_HEAD_BYTES) {
                throw new AssertionError("more than may be left: " + rest);
            }
            return GOOD;
        } catch (ConnectionEnd end) {
            String text = end.getMessage();
            if (text.isEmpty() || text.length() > 400 || text.chars().anyMatch(Character::isISOControl)) {
                throw new AssertionError("not fit for a log: " + text);
            }
            if (end.retryAfter().isNegative()) {
                throw new AssertionError("to come back before now: " + end.retryAfter());
            }
            return end.reason().name();
        }
    }

    /** 1 to 7 bytes at a time. */
    private static final class Pieces implements Transport {
        private final byte[] bytes;
        private int at;

        Pieces(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read(ByteBuffer to) {
            if (at == bytes.length) {
                return -1;
            }
            int n = Math.min(Math.min(1 + at % 7, to.remaining()), bytes.length - at);
            to.put(bytes, at, n);
            at += n;
            return n;
        }

        @Override
        public void write(ByteBuffer from) {
            from.position(from.limit());
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                GOOD_HEAD.getBytes(ISO_8859_1),
                (GOOD_HEAD + "\u0082\u0001x").getBytes(ISO_8859_1),
                GOOD_HEAD
                        .replace("\r\nUpgrade: w", "\r\nServer: x\r\nupgrade:W")
                        .getBytes(ISO_8859_1));
    }

    @Override
    public List<byte[]> words() {
        return FuzzTarget.texts(
                "HTTP/1.1 ",
                "101",
                "429 Too Many Requests",
                "502",
                "Retry-After: 5\r\n",
                "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
                "Retry-After: 99999999999999999999\r\n",
                "Location: https://x.example/\r\n",
                "Sec-WebSocket-Extensions: x\r\n",
                "Upgrade: ",
                "Connection: ",
                "websocket",
                "\r\n",
                "\r\n\r\n",
                "\u0000",
                ":");
    }
}
