package dev.jetstream.stream;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Frames;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.util.Optional;
import java.util.function.Function;

/** Events as websocket messages (RFC 6455): text, or binary with one zstd frame each. */
final class WebSocketEncoding implements Encoding {
    private static final byte[] PING = FrameHeader.frame(FrameHeader.PING, new byte[0]);

    private final int index;
    private final Encoding plain;
    private final Function<EventBlock, Frames> encoder;

    /** Text messages. */
    WebSocketEncoding(int index, Function<EventBlock, Frames> encoder) {
        this.index = index;
        this.encoder = encoder;
        plain = this;
    }

    /** The messages of {@code plain}, compressed. */
    WebSocketEncoding(int index, Encoding plain, MessageCompressor compressor) {
        this.index = index;
        this.plain = plain;
        encoder = block -> compressor.compress(block.frames(plain));
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public Encoding plain() {
        return plain;
    }

    @Override
    public Optional<HttpStream> body() {
        return Optional.empty();
    }

    @Override
    public Frames encode(EventBlock block) {
        return encoder.apply(block);
    }

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
