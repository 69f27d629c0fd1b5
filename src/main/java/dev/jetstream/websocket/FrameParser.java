package dev.jetstream.websocket;

import java.nio.ByteBuffer;

/**
 * An incremental parser of the frames that one peer sends (RFC 6455, section 5), fed with bytes that may be cut anywhere. It
 * checks the rules of framing, fragmentation and close frames, gathers the payloads of control frames, and reports the payloads
 * of data frames as ranges of the caller's bytes, unmasked in place. It keeps no message: limits on size are the caller's, by
 * {@link #messageBytes()} at each {@link Found#HEADER}.
 *
 * <pre>{@code
 * for (Found found; (found = parser.next(bytes, at, to)) != MORE && found != FAULT; at = parser.end()) {
 *     // HEADER: a data frame begins; DATA: its payload, or a piece of it, is in [parser.start(), parser.end())
 * }
 * }</pre>
 *
 * For one thread.
 */
public final class FrameParser {
    /** Who sends the frames: a client must mask them, a server must not. */
    public enum Peer {
        CLIENT,
        SERVER
    }

    /** What a step has found. */
    public enum Found {
        /** Nothing yet: all bytes are read, and more must come. */
        MORE,
        /** The header of a data frame. */
        HEADER,
        /** A piece of a data frame's payload; empty only when the whole payload is. */
        DATA,
        /** A whole ping: see {@link #controlPayload()}. */
        PING,
        /** A whole pong. */
        PONG,
        /** A whole close frame: see {@link #closeCode()}. */
        CLOSE,
        /** The peer broke a rule: see {@link #fault()}. Nothing can be read any more. */
        FAULT
    }

    /**
     * A broken rule.
     *
     * @param code the close code to answer with
     */
    public record Fault(int code, String reason) {}

    private final Peer peer;
    private final byte[] header = new byte[FrameHeader.MAX_BYTES];
    private final byte[] control = new byte[FrameHeader.MAX_CONTROL_PAYLOAD];
    private int headerRead;
    private int headerLength;
    private int opcode;
    private boolean inPayload;
    private long payloadLength;
    private long payloadRead;
    private boolean inMessage;
    private boolean isText;
    private long messageBytes;
    private int start;
    private int end;
    private Fault fault;

    public FrameParser(Peer peer) {
        this.peer = peer;
    }

    /** Takes one step in {@code bytes[from, to)}, which it may change: payloads of clients are unmasked. */
    public Found next(byte[] bytes, int from, int to) {
        return next(bytes, null, from, to);
    }

    /** The same for a server's frames in a buffer, whose position and limit do not matter. */
    public Found next(ByteBuffer bytes, int from, int to) {
        if (peer == Peer.CLIENT) {
            throw new IllegalStateException("masked payloads are unmasked in arrays only");
        }
        return next(null, bytes, from, to);
    }

    private Found next(byte[] array, ByteBuffer buffer, int from, int to) {
        start = from;
        end = from;
        if (fault != null) {
            return Found.FAULT;
        }
        if (!inPayload) {
            if (!readHeader(array, buffer, to)) {
                return fault == null ? Found.MORE : Found.FAULT;
            }
            if (!isControl()) {
                return Found.HEADER;
            }
        }
        int length = (int) Math.min(to - end, payloadLength - payloadRead);
        if (length == 0 && payloadRead < payloadLength) {
            return Found.MORE;
        }
        start = end;
        end += length;
        if (peer == Peer.CLIENT) {
            FrameHeader.unmask(array, start, end, header, headerLength - 4, payloadRead);
        }
        if (isControl()) {
            copy(array, buffer, start, control, (int) payloadRead, length);
        }
        payloadRead += length;
        if (payloadRead == payloadLength) {
            return endFrame();
        }
        return isControl() ? Found.MORE : Found.DATA;
    }

    /** Reads on in a header; whether it is whole. */
    private boolean readHeader(byte[] array, ByteBuffer buffer, int to) {
        while (true) {
            int needed = Math.max(2, headerLength);
            int length = Math.min(to - end, needed - headerRead);
            copy(array, buffer, end, header, headerRead, length);
            headerRead += length;
            end += length;
            if (headerRead < needed) {
                return false;
            }
            if (headerLength == needed) {
                return beginPayload();
            }
            headerLength = FrameHeader.length(header, 0, 2);
            String broken = brokenStart();
            if (broken != null) {
                fault = new Fault(CloseFrame.PROTOCOL_ERROR, broken);
                return false;
            }
        }
    }

    private static void copy(byte[] array, ByteBuffer buffer, int from, byte[] to, int at, int length) {
        if (array != null) {
            System.arraycopy(array, from, to, at, length);
        } else {
            buffer.get(from, to, at, length);
        }
    }

    /** The rule that the first two bytes of a header break; null: none. */
    private String brokenStart() {
        opcode = FrameHeader.opcode(header, 0);
        if (FrameHeader.reserved(header, 0) != 0) {
            return "reserved bits are set";
        }
        if (opcode > FrameHeader.PONG || opcode > FrameHeader.BINARY && !isControl()) {
            return "unknown opcode " + opcode;
        }
        if (FrameHeader.isMasked(header, 0) != (peer == Peer.CLIENT)) {
            return peer == Peer.CLIENT ? "frame is not masked" : "frame is masked";
        }
        if (isControl()) {
            return !FrameHeader.isFinal(header, 0)
                    ? "control frame is fragmented"
                    : (header[1] & 0x7F) > FrameHeader.MAX_CONTROL_PAYLOAD
                            ? "control frame is longer than 125 bytes"
                            : null;
        }
        if ((opcode == FrameHeader.CONTINUATION) != inMessage) {
            return inMessage ? "new message inside a message" : "continuation without a message";
        }
        return null;
    }

    private boolean beginPayload() {
        payloadLength = FrameHeader.payloadLength(header, 0);
        payloadRead = 0;
        int shortest = FrameHeader.size(payloadLength) + 4;
        if (payloadLength < 0 || peer == Peer.CLIENT && headerLength != shortest) {
            fault = new Fault(CloseFrame.PROTOCOL_ERROR, "bad payload length");
            return false;
        }
        if (!isControl()) {
            if (opcode != FrameHeader.CONTINUATION) {
                inMessage = true;
                isText = opcode == FrameHeader.TEXT;
                messageBytes = 0;
            }
            messageBytes = messageBytes + payloadLength < 0 ? Long.MAX_VALUE : messageBytes + payloadLength;
        }
        inPayload = true;
        return true;
    }

    private Found endFrame() {
        inPayload = false;
        headerRead = 0;
        headerLength = 0;
        switch (opcode) {
            case FrameHeader.PING:
                return Found.PING;
            case FrameHeader.PONG:
                return Found.PONG;
            case FrameHeader.CLOSE:
                fault = closeFault();
                return fault == null ? Found.CLOSE : Found.FAULT;
            default:
                inMessage = !isFinal();
                return Found.DATA;
        }
    }

    private Fault closeFault() {
        int length = (int) payloadLength;
        if (length == 1 || length >= 2 && !CloseFrame.mayBeSent(closeCode())) {
            return new Fault(CloseFrame.PROTOCOL_ERROR, "bad close code");
        }
        Utf8 reason = new Utf8();
        boolean isText = length <= 2 || reason.accepts(control, 2, length) && reason.isComplete();
        return isText ? null : new Fault(CloseFrame.BAD_DATA, "close reason is not UTF-8");
    }

    private boolean isControl() {
        return opcode >= FrameHeader.CLOSE;
    }

    /** The offset of the payload that the last step has read; meaningful after {@link Found#DATA}. */
    public int start() {
        return start;
    }

    /** The offset after what the last step has read: where the next one begins. */
    public int end() {
        return end;
    }

    /** Whether the last data frame is a text message's or belongs to one; else it is a binary message's. */
    public boolean isText() {
        return isText;
    }

    /** Whether the last data frame begins a message. */
    public boolean isFirst() {
        return opcode != FrameHeader.CONTINUATION;
    }

    /** Whether the last data frame is the last one of its message. */
    public boolean isFinal() {
        return FrameHeader.isFinal(header, 0);
    }

    /** Payload bytes of the last frame, by its header. */
    public long payloadLength() {
        return payloadLength;
    }

    /** Payload bytes of the last frame that have not been read. */
    public long remaining() {
        return payloadLength - payloadRead;
    }

    /** Payload bytes of the message so far, by its headers: of all data frames up to and including the last one. */
    public long messageBytes() {
        return messageBytes;
    }

    /** The payload of the control frame that was just read. */
    public byte[] controlPayload() {
        byte[] payload = new byte[(int) payloadLength];
        System.arraycopy(control, 0, payload, 0, payload.length);
        return payload;
    }

    /** The code of the close frame that was just read; {@link CloseFrame#NO_CODE} where it has none. */
    public int closeCode() {
        return payloadLength < 2 ? CloseFrame.NO_CODE : (control[0] & 0xFF) << 8 | control[1] & 0xFF;
    }

    /** Why nothing can be read any more; null while frames are in order. */
    public Fault fault() {
        return fault;
    }
}
