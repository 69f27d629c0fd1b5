package dev.jetstream.upstream;

import dev.jetstream.upstream.UpstreamMetrics.Skipped;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message that comes in pieces: in fragments, or larger than the read buffer. It holds only what has arrived, and nothing of a
 * message that will be skipped (text, or too large).
 */
final class Gathering {
    private static final int FIRST_BYTES = 64 * 1024;

    private final int maxBytes;
    private final MessageReader.Skips skips;

    private byte[] bytes = new byte[0];
    private long length;
    /** Payload bytes of the current frame that have not arrived. */
    private long missing;

    private boolean inMessage;
    private boolean lastFrame;
    private boolean finished;
    /** Why the current message is skipped, or null. */
    private Skipped skipped;

    Gathering(int maxBytes, MessageReader.Skips skips) {
        this.maxBytes = maxBytes;
        this.skips = skips;
    }

    void clear() {
        bytes = new byte[0];
        length = 0;
        missing = 0;
        inMessage = false;
        finished = false;
        skipped = null;
    }

    /** Between a message's first frame and the end of its last. */
    boolean isInMessage() {
        return inMessage;
    }

    /** Within a frame: the next bytes are its payload. */
    boolean wantsPayload() {
        return missing > 0;
    }

    /** A whole message can be taken. */
    boolean isFinished() {
        return finished;
    }

    /** Begins a data frame: the first of a message, or a continuation. */
    void begin(boolean isText, boolean isFinal, long payload) {
        if (!inMessage) {
            inMessage = true;
            skipped = isText ? Skipped.TEXT : null;
        }
        lastFrame = isFinal;
        missing = payload;
        if (skipped == null && payload > maxBytes - length) {
            skipped = Skipped.OVERSIZE;
            bytes = new byte[0];
        }
        if (missing == 0) {
            endFrame();
        }
    }

    /** Takes the available part of the current frame's payload; returns the number of bytes. */
    int takePayload(ByteBuffer in, int from, int to) {
        int n = (int) Math.min(missing, to - from);
        if (skipped == null) {
            int end = (int) length + n;
            if (end > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(end, Math.max(FIRST_BYTES, (int) Math.min(maxBytes, 2L * end))));
            }
            in.get(from, bytes, (int) length, n);
        }
        length += n;
        missing -= n;
        if (missing == 0) {
            endFrame();
        }
        return n;
    }

    private void endFrame() {
        if (!lastFrame) {
            return;
        }
        inMessage = false;
        if (skipped == null) {
            finished = true;
        } else {
            skips.onSkipped(skipped, length);
            clear();
        }
    }

    /** The whole message, as a batch of one. */
    FrameBatch take(Connection connection, long nowNanos) {
        FrameBatch batch = new FrameBatch(bytes, 1, new int[] {0}, new int[] {(int) length}, connection, nowNanos);
        clear();
        return batch;
    }
}
