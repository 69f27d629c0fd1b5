package dev.jetstream.upstream;

import dev.jetstream.websocket.FrameHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** A control frame from this side: masked, as a client's must be (RFC 6455, section 5.3). */
final class ClientFrame {
    private ClientFrame() {}

    /** @param payload at most 125 bytes */
    static ByteBuffer of(int opcode, byte[] payload) {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        ByteBuffer.wrap(frame).putInt(2, ThreadLocalRandom.current().nextInt());
        System.arraycopy(payload, 0, frame, 6, payload.length);
        FrameHeader.unmask(frame, 6, frame.length, frame, 2, 0);
        return ByteBuffer.wrap(frame);
    }

    /** A close frame with a code and no reason. */
    static ByteBuffer close(int code) {
        return of(FrameHeader.CLOSE, new byte[] {(byte) (code >>> 8), (byte) code});
    }
}
