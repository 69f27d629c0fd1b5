package dev.jetstream.stream;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;

/** What a connection is sent beside events, in the framing that its events have. Stateless; the arrays must not be changed. */
public interface Framing {
    /** Frames of RFC 6455. */
    Framing WEBSOCKET = new WebSocketFraming();

    /** Shows a connection that was sent nothing for long that it is still there. */
    byte[] keepAlive();

    /** The answer to a client's ping. */
    byte[] pong(byte[] payload);

    /**
     * The last bytes of a connection.
     *
     * @param code a close code of websockets
     * @param reason for a person; cut where the framing has no room
     */
    byte[] end(int code, String reason);

    /** Chunks of an HTTP body. It has no place for a code: a client finds the stream ended, and comes back. */
    static Framing chunked(HttpStream stream) {
        return new ChunkFraming(HttpChunk.of(stream.silence()), HttpChunk.last());
    }

    /** Control frames. */
    final class WebSocketFraming implements Framing {
        private static final byte[] PING = FrameHeader.frame(FrameHeader.PING, new byte[0]);

        private WebSocketFraming() {}

        @Override
        public byte[] keepAlive() {
            return PING;
        }

        @Override
        public byte[] pong(byte[] payload) {
            return FrameHeader.frame(FrameHeader.PONG, payload);
        }

        @Override
        public byte[] end(int code, String reason) {
            return CloseFrame.of(code, reason);
        }
    }

    /** Lines that say nothing, and the chunk that ends a body. */
    record ChunkFraming(byte[] keepAlive, byte[] last) implements Framing {
        @Override
        public byte[] pong(byte[] payload) {
            throw new UnsupportedOperationException("an HTTP client sends no pings");
        }

        @Override
        public byte[] end(int code, String reason) {
            return last;
        }
    }
}
