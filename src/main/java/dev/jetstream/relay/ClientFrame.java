package dev.jetstream.relay;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.io.InputStream;

/**
 * A websocket frame that a client sent, unmasked.
 *
 * @param fault the close code that it deserves, 0 where it is in order; a frame at fault has no payload
 */
record ClientFrame(int opcode, byte[] payload, int fault) {
    private static final int MAX_BYTES = 64 * 1024;

    /** Reads the next frame; null where the stream ends. Fragments are frames like others: nobody wants their message. */
    static ClientFrame read(InputStream in) throws IOException {
        byte[] header = new byte[FrameHeader.MAX_BYTES];
        if (in.readNBytes(header, 0, 2) < 2) {
            return null;
        }
        int length = FrameHeader.length(header, 0, 2);
        if (in.readNBytes(header, 2, length - 2) < length - 2) {
            return null;
        }
        int opcode = FrameHeader.opcode(header, 0);
        int fault = fault(header, opcode);
        if (fault != 0) {
            return new ClientFrame(opcode, new byte[0], fault);
        }
        int size = (int) FrameHeader.payloadLength(header, 0);
        byte[] payload = in.readNBytes(size);
        FrameHeader.unmask(payload, 0, payload.length, header, length - 4, 0);
        return payload.length < size ? null : new ClientFrame(opcode, payload, 0);
    }

    private static int fault(byte[] header, int opcode) {
        long size = FrameHeader.payloadLength(header, 0);
        boolean control = opcode >= FrameHeader.CLOSE;
        if (!FrameHeader.isMasked(header, 0)
                || FrameHeader.reserved(header, 0) != 0
                || control && (size > FrameHeader.MAX_CONTROL_PAYLOAD || !FrameHeader.isFinal(header, 0))) {
            return CloseFrame.PROTOCOL_ERROR;
        }
        return size < 0 || size > MAX_BYTES ? CloseFrame.TOO_BIG : 0;
    }
}
