package dev.jetstream.relay;

import dev.jetstream.websocket.FrameHeader;
import java.util.Arrays;

/** A growing array of websocket messages, written at once. Not thread-safe. */
public final class FrameBatch {
    private static final int FULL_BYTES = 256 * 1024;

    private byte[] bytes = new byte[FULL_BYTES + 64 * 1024];
    private int size;

    /** Whether it should be written before more is added. */
    public boolean isFull() {
        return size >= FULL_BYTES;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }

    /** Adds a frame as one binary message. */
    public void message(byte[] frame) {
        startMessage(frame.length);
        append(frame, 0, frame.length);
    }

    /** Adds a message that already has its websocket header. */
    void framed(byte[] message) {
        append(message, 0, message.length);
    }

    /** Adds a captured frame with another seq. */
    void patched(CaptureFile.Frame frame, long seq) {
        int width = CborWriter.unsignedSize(seq);
        startMessage(frame.bytes().length - (frame.seqEnd() - frame.seqAt()) + width);
        append(frame.bytes(), 0, frame.seqAt());
        ensure(width);
        size = CborWriter.writeUnsigned(bytes, size, seq);
        append(frame.bytes(), frame.seqEnd(), frame.bytes().length);
    }

    private void startMessage(int payload) {
        ensure(FrameHeader.MAX_BYTES);
        size = FrameHeader.write(bytes, size, FrameHeader.BINARY, payload);
    }

    private void append(byte[] from, int start, int end) {
        ensure(end - start);
        System.arraycopy(from, start, bytes, size, end - start);
        size += end - start;
    }

    private void ensure(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    /** The messages, in the first {@link #size} bytes; valid until the next change. */
    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }
}
