package dev.jetstream.net;

import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;

/**
 * The server's side of reading websocket (RFC 6455, section 5): takes a client's bytes as they come, cut anywhere, and tells
 * whole text messages, pings and the close frame. Binary messages count against the size bound and are dropped, pongs are
 * ignored. Whatever breaks the rules is told as a fault, once; nothing is read behind it or behind a close frame.
 */
final class ClientFrames {
    /** Where the messages go. */
    interface Sink {
        /** A whole text message, valid UTF-8. */
        void text(byte[] utf8);

        void ping(byte[] payload);

        /** The close frame; {@link CloseFrame#NO_CODE} where it carries none. */
        void close(int code);

        /** The client broke a rule; the code is the one to close with. */
        void fault(int code, String reason);
    }

    private static final int NONE = -1;

    private final Sink sink;
    private final MessageBuffer message;
    private final Utf8 utf8 = new Utf8();
    private final byte[] header = new byte[FrameHeader.MAX_BYTES];
    private final byte[] control = new byte[FrameHeader.MAX_CONTROL_PAYLOAD];
    private int headerBytes;
    private int headerLength = NONE;
    private int opcode;
    private long payloadLength;
    private long payloadRead;
    /** {@link FrameHeader#TEXT} or {@link FrameHeader#BINARY} while a message is unfinished. */
    private int open = NONE;

    private boolean ended;
    private boolean ignoring;

    ClientFrames(int maxMessageBytes, HeldBytes held, Sink sink) {
        this.sink = sink;
        message = new MessageBuffer(maxMessageBytes, held);
    }

    /**
     * Reads on in {@code [from, to)}, which it may change. Stops behind a text message, so that its receiver sets the pace.
     *
     * @return the offset of the first byte that it has not read; {@code to} if it has read all
     */
    int read(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !ended) {
            if (headerLength == NONE || headerBytes < headerLength) {
                at = readHeader(bytes, at, to);
                if (ended || headerLength == NONE || headerBytes < headerLength || !startPayload()) {
                    continue;
                }
            } else {
                int end = (int) Math.min(to, at + payloadLength - payloadRead);
                payload(bytes, at, end);
                at = end;
            }
            if (!ended && headerBytes == headerLength && payloadRead == payloadLength && endPayload()) {
                return at;
            }
        }
        return ended ? to : at;
    }

    /** From here on messages are read over: only the close frame, or a fault, still matters. */
    void ignoreMessages() {
        ignoring = true;
        release();
    }

    /** The last message that was told is dealt with. */
    void messageDone() {
        message.done();
    }

    /** Gives back all that is held. */
    void release() {
        message.clear();
        message.done();
    }

    private int readHeader(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            header[headerBytes++] = bytes[at++];
            if (headerBytes == 2) {
                headerLength = FrameHeader.length(header, 0, 2);
                String broken = brokenStart();
                if (broken != null) {
                    fault(CloseFrame.PROTOCOL_ERROR, broken);
                    return at;
                }
            }
            if (headerBytes == headerLength) {
                break;
            }
        }
        return at;
    }

    /** What the first two bytes of a header already break; null: nothing. */
    private String brokenStart() {
        int code = FrameHeader.opcode(header, 0);
        boolean isControl = code >= FrameHeader.CLOSE;
        if (FrameHeader.reserved(header, 0) != 0) {
            return "reserved bits are set";
        }
        if (code > FrameHeader.PONG || (code > FrameHeader.BINARY && !isControl)) {
            return "unknown opcode " + code;
        }
        if (!FrameHeader.isMasked(header, 0)) {
            return "frame is not masked";
        }
        if (isControl && !FrameHeader.isFinal(header, 0)) {
            return "control frame is fragmented";
        }
        if (isControl && (header[1] & 0x7F) > FrameHeader.MAX_CONTROL_PAYLOAD) {
            return "control frame is longer than 125 bytes";
        }
        if (code == FrameHeader.CONTINUATION && open == NONE) {
            return "continuation without a message";
        }
        if ((code == FrameHeader.TEXT || code == FrameHeader.BINARY) && open != NONE) {
            return "new message inside a message";
        }
        return null;
    }

    /** Looks at a whole header; whether its payload may be read. */
    private boolean startPayload() {
        opcode = FrameHeader.opcode(header, 0);
        payloadLength = FrameHeader.payloadLength(header, 0);
        payloadRead = 0;
        if (payloadLength < 0 || FrameHeader.size(payloadLength) != headerLength - 4) {
            fault(CloseFrame.PROTOCOL_ERROR, "bad payload length");
            return false;
        }
        if (opcode >= FrameHeader.CLOSE) {
            return true;
        }
        if (opcode != FrameHeader.CONTINUATION) {
            open = opcode;
            utf8.reset();
        }
        if (!ignoring && !message.fits(payloadLength)) {
            fault(CloseFrame.TOO_BIG, "message is larger than " + message.max() + " bytes");
            return false;
        }
        return true;
    }

    private void payload(byte[] bytes, int from, int to) {
        if (from == to) {
            return;
        }
        boolean isControl = opcode >= FrameHeader.CLOSE;
        if (isControl || (open == FrameHeader.TEXT && !ignoring)) {
            FrameHeader.unmask(bytes, from, to, header, headerLength - 4, payloadRead);
        }
        if (isControl) {
            System.arraycopy(bytes, from, control, (int) payloadRead, to - from);
        } else if (!ignoring) {
            data(bytes, from, to);
        }
        payloadRead += to - from;
    }

    private void data(byte[] bytes, int from, int to) {
        if (open == FrameHeader.BINARY) {
            message.count(to - from);
        } else if (!utf8.accepts(bytes, from, to)) {
            fault(CloseFrame.BAD_DATA, "text is not UTF-8");
        } else if (!message.append(bytes, from, to, FrameHeader.isFinal(header, 0) ? payloadLength - payloadRead : 0)) {
            fault(CloseFrame.TRY_AGAIN_LATER, "too many large messages at once");
        }
    }

    /** Ends a frame; whether reading stops here. */
    private boolean endPayload() {
        boolean isFinal = FrameHeader.isFinal(header, 0);
        headerBytes = 0;
        headerLength = NONE;
        switch (opcode) {
            case FrameHeader.PING -> {
                if (!ignoring) {
                    sink.ping(controlPayload());
                }
            }
            case FrameHeader.PONG -> {}
            case FrameHeader.CLOSE -> closed();
            default -> {
                return isFinal && endMessage();
            }
        }
        return false;
    }

    private boolean endMessage() {
        boolean isText = open == FrameHeader.TEXT && !ignoring;
        open = NONE;
        if (!isText) {
            message.clear();
            return false;
        }
        if (!utf8.isComplete()) {
            fault(CloseFrame.BAD_DATA, "text is not UTF-8");
            return false;
        }
        sink.text(message.takeBytes());
        return true;
    }

    private void closed() {
        int code = payloadLength < 2 ? CloseFrame.NO_CODE : (control[0] & 0xFF) << 8 | control[1] & 0xFF;
        if (payloadLength == 1 || (payloadLength >= 2 && !CloseFrame.mayBeSent(code))) {
            fault(CloseFrame.PROTOCOL_ERROR, "bad close code");
            return;
        }
        utf8.reset();
        if (payloadLength > 2 && !(utf8.accepts(control, 2, (int) payloadLength) && utf8.isComplete())) {
            fault(CloseFrame.BAD_DATA, "close reason is not UTF-8");
            return;
        }
        end();
        sink.close(code);
    }

    private byte[] controlPayload() {
        byte[] payload = new byte[(int) payloadLength];
        System.arraycopy(control, 0, payload, 0, payload.length);
        return payload;
    }

    private void fault(int code, String reason) {
        end();
        sink.fault(code, reason);
    }

    private void end() {
        ended = true;
        message.clear();
    }
}
