package dev.jetstream.upstream;

import dev.jetstream.common.Text;
import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.upstream.UpstreamMetrics.Skipped;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads the relay's bytes as batches of binary messages (RFC 6455, from the client's side).
 *
 * <p>Messages that are whole in the read buffer are copied together into one array; a message in fragments or larger than the
 * buffer is collected piece by piece ({@link Gathering}). Where reads end affects how messages are batched, never the messages.
 * For one thread.
 */
final class MessageReader {
    /** Maximum number of frames in a batch. */
    static final int MAX_FRAMES = 1_000;

    /** A batch ends with the frame that reaches this size, so that several threads can decode what one read brought. */
    static final int BATCH_BYTES = 512 * 1024;

    /** Smaller batches get an array of their own size: a few frames must not hold a large one. */
    private static final int MIN_POOLED = 64 * 1024;

    private static final int MAX_IDLE = 16;

    private final ArrayPool pool = new ArrayPool(BATCH_BYTES + 64 * 1024, MAX_IDLE);
    private final ByteBuffer in;
    private final byte[] header = new byte[FrameHeader.MAX_BYTES];
    private final int[] starts = new int[MAX_FRAMES];
    private final int[] ends = new int[MAX_FRAMES];
    private final Gathering gathering;
    private final int maxMessageBytes;

    /** The unparsed bytes in {@link #in} are {@code [at, limit)}. */
    private int at;

    private int limit;
    /** Bytes from {@code at} on that the next step needs. */
    private int needed;

    private int lastReadBytes;

    private int count;
    private ByteBuffer pong;
    /** Why parsing stopped for good; messages before it are returned first. */
    private ConnectionEnd end;

    /** Notified of messages that are skipped. */
    interface Skips {
        void onSkipped(Skipped why, long bytes);
    }

    MessageReader(int bufferBytes, int maxMessageBytes, Skips skips) {
        this.in = ByteBuffer.allocateDirect(Math.max(bufferBytes, Upgrade.MAX_HEAD_BYTES));
        this.maxMessageBytes = maxMessageBytes;
        this.gathering = new Gathering(maxMessageBytes, skips);
    }

    /** Begins a connection with the bytes that followed the upgrade's answer, at most {@link Upgrade#MAX_HEAD_BYTES}. */
    void start(ByteBuffer first) {
        at = 0;
        limit = first.remaining();
        in.clear().put(first);
        count = 0;
        needed = 0;
        pong = null;
        end = null;
        gathering.clear();
    }

    /**
     * Waits for at least one whole message and returns all whole ones, up to the limits of a batch. Answers the latest of the
     * pings that came together.
     *
     * @throws ConnectionEnd at the end of the stream, a close frame or a breach of RFC 6455, after all messages before it
     * @throws IOException when the socket fails
     */
    FrameBatch next(Transport relay, Connection connection) throws IOException {
        while (true) {
            if (gathering.isFinished()) {
                return gathering.take(connection, System.nanoTime());
            }
            while (end == null && !isBatchFull() && !gathering.isFinished() && parseOne()) {
                // continue with the next frame
            }
            answerPing(relay);
            if (count > 0) {
                return copyOut(connection);
            }
            if (gathering.isFinished()) {
                continue;
            }
            if (end != null) {
                throw sayGoodbye(relay);
            }
            read(relay);
        }
    }

    private boolean isBatchFull() {
        return count == MAX_FRAMES || count > 0 && ends[count - 1] - starts[0] >= BATCH_BYTES;
    }

    private void read(Transport relay) throws IOException {
        if (at == limit) {
            at = 0;
            limit = 0;
        } else if (at > 0 && (at + needed > in.capacity() || in.capacity() - limit < in.capacity() / 4)) {
            // Moves a frame at most once, since it then starts at 0.
            in.limit(limit).position(at).compact();
            limit -= at;
            at = 0;
        }
        int n = relay.read(in.limit(in.capacity()).position(limit));
        if (n < 0) {
            throw new ConnectionEnd(End.DROPPED, "the relay's stream ended without a close frame");
        }
        limit += n;
        lastReadBytes = n;
    }

    /** Bytes of the last read of the socket. */
    int lastReadBytes() {
        return lastReadBytes;
    }

    /** Takes the next frame or a piece of it; false when more bytes are needed or parsing has stopped. */
    private boolean parseOne() {
        if (gathering.wantsPayload()) {
            int n = gathering.takePayload(in, at, limit);
            at += n;
            return n > 0;
        }
        int there = Math.min(limit - at, FrameHeader.MAX_BYTES);
        if (there < 2) {
            return more(2);
        }
        in.get(at, header, 0, there);
        String breach = breach();
        if (breach != null) {
            return end(End.PROTOCOL, breach);
        }
        int headerBytes = FrameHeader.length(header, 0, there);
        if (there < headerBytes) {
            return more(headerBytes);
        }
        long payload = FrameHeader.payloadLength(header, 0);
        if (payload < 0) {
            return end(End.PROTOCOL, "a frame's length has its highest bit set");
        }
        boolean isFinal = FrameHeader.isFinal(header, 0);
        int opcode = FrameHeader.opcode(header, 0);
        boolean whole = payload <= limit - at - headerBytes;
        if (opcode >= FrameHeader.CLOSE) {
            return whole ? control(opcode, headerBytes, (int) payload) : more(headerBytes + (int) payload);
        }
        if (isFinal && opcode == FrameHeader.BINARY && payload <= maxMessageBytes) {
            if (whole) {
                starts[count] = at + headerBytes;
                at += headerBytes + (int) payload;
                ends[count++] = at;
                return true;
            }
            if (headerBytes + payload <= in.capacity()) {
                return more(headerBytes + (int) payload);
            }
        }
        at += headerBytes;
        gathering.begin(opcode == FrameHeader.TEXT, isFinal, payload);
        return true;
    }

    /** The rule of RFC 6455 that the frame's first two bytes break, or null. */
    private String breach() {
        int opcode = FrameHeader.opcode(header, 0);
        if (FrameHeader.reserved(header, 0) != 0) {
            return "a frame has reserved bits set";
        }
        if (FrameHeader.isMasked(header, 0)) {
            return "a frame is masked";
        }
        if (opcode >= FrameHeader.CLOSE) {
            return opcode > FrameHeader.PONG
                    ? "a frame has the unknown opcode " + opcode
                    : !FrameHeader.isFinal(header, 0)
                            ? "a control frame is fragmented"
                            : (header[1] & 0x7F) > FrameHeader.MAX_CONTROL_PAYLOAD
                                    ? "a control frame is longer than 125 bytes"
                                    : null;
        }
        if (opcode > FrameHeader.BINARY) {
            return "a frame has the unknown opcode " + opcode;
        }
        return opcode == FrameHeader.CONTINUATION == gathering.isInMessage()
                ? null
                : gathering.isInMessage()
                        ? "a message begins within another one"
                        : "a continuation frame continues nothing";
    }

    private boolean control(int opcode, int headerBytes, int length) {
        byte[] payload = new byte[length];
        in.get(at + headerBytes, payload);
        at += headerBytes + length;
        if (opcode == FrameHeader.PING) {
            pong = frame(FrameHeader.PONG, payload);
        } else if (opcode == FrameHeader.CLOSE) {
            return closed(payload);
        }
        return true;
    }

    private boolean closed(byte[] payload) {
        if (payload.length == 0) {
            return end(End.CLOSED, "the relay closed the connection, without a code");
        }
        int code = payload.length < 2 ? 0 : (payload[0] & 0xFF) << 8 | payload[1] & 0xFF;
        if (!CloseFrame.mayBeSent(code)) {
            return end(End.PROTOCOL, "a close frame has no valid code");
        }
        String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        return end(End.CLOSED, Text.cut("the relay closed the connection: code=" + code + " reason=" + reason));
    }

    private boolean more(int bytes) {
        needed = bytes;
        return false;
    }

    private boolean end(End reason, String detail) {
        end = new ConnectionEnd(reason, detail);
        return false;
    }

    private void answerPing(Transport relay) {
        if (pong != null) {
            try {
                relay.write(pong);
            } catch (IOException e) {
                end = new ConnectionEnd(End.DROPPED, "a pong could not be sent: " + e.getMessage());
            }
            pong = null;
        }
    }

    /** Sends the close frame that answers or states the end. */
    private ConnectionEnd sayGoodbye(Transport relay) {
        if (end.reason() != End.DROPPED) {
            try {
                int code = end.reason() == End.PROTOCOL ? CloseFrame.PROTOCOL_ERROR : CloseFrame.NORMAL;
                relay.write(frame(FrameHeader.CLOSE, new byte[] {(byte) (code >>> 8), (byte) code}));
            } catch (IOException e) {
                end.addSuppressed(e);
            }
        }
        return end;
    }

    /** A control frame, masked as a client's must be (RFC 6455, section 5.3); the payload has at most 125 bytes. */
    private static ByteBuffer frame(int opcode, byte[] payload) {
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) (0x80 | opcode);
        frame[1] = (byte) (0x80 | payload.length);
        ByteBuffer.wrap(frame).putInt(2, ThreadLocalRandom.current().nextInt());
        System.arraycopy(payload, 0, frame, 6, payload.length);
        FrameHeader.unmask(frame, 6, frame.length, frame, 2, 0);
        return ByteBuffer.wrap(frame);
    }

    private FrameBatch copyOut(Connection connection) {
        int from = starts[0];
        int length = ends[count - 1] - from;
        boolean pooled = length > MIN_POOLED && length <= pool.length();
        byte[] bytes = pooled ? pool.take() : new byte[length];
        in.get(from, bytes, 0, length);
        int[] batchStarts = new int[count];
        int[] batchEnds = new int[count];
        for (int i = 0; i < count; i++) {
            batchStarts[i] = starts[i] - from;
            batchEnds[i] = ends[i] - from;
        }
        FrameBatch batch = new FrameBatch(
                bytes,
                count,
                batchStarts,
                batchEnds,
                connection,
                System.nanoTime(),
                pooled ? pool : null,
                FrameBatch.NOBODY);
        count = 0;
        return batch;
    }
}
