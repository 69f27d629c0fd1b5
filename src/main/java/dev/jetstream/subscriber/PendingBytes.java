package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.stream.Encoding;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that must go out before the next event: the rest of a frame that the socket took in part, then the latest pong, a
 * keep-alive, the close frame. None of these splits a frame. Used by the subscriber's actor alone.
 */
final class PendingBytes {
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Encoding encoding;
    private ByteBuffer rest = EMPTY;
    private byte[] ping;
    private boolean keepAlive;
    private byte[] close;
    private boolean closeTaken;

    PendingBytes(Encoding encoding) {
        this.encoding = encoding;
    }

    /** Answers the latest ping, not those before it. */
    void pong(byte[] payload) {
        ping = payload;
    }

    void keepAlive() {
        keepAlive = true;
    }

    /** Queues the last bytes of the connection, with a close code of websockets and a reason. */
    void close(int code, String reason) {
        close = encoding.end(code, reason);
        keepAlive = false;
    }

    boolean isClosing() {
        return close != null;
    }

    boolean isEmpty() {
        return !rest.hasRemaining() && ping == null && !keepAlive && (close == null || closeTaken);
    }

    /** Whether the close frame has gone out to its last byte. */
    boolean isClosed() {
        return closeTaken && !rest.hasRemaining();
    }

    /** Puts the bytes into a batch, ahead of any event. Control frames wait for the rest of a large frame, which is not copied. */
    void fill(WriteBatch batch) {
        if (rest.remaining() <= EventBlock.LARGE_EVENT) {
            takeControlFrames();
        }
        batch.addPrefix(rest);
    }

    private void takeControlFrames() {
        if (ping != null) {
            append(encoding.pong(ping));
            ping = null;
        }
        if (keepAlive) {
            append(encoding.keepAlive());
            keepAlive = false;
        }
        if (close != null && !closeTaken) {
            append(close);
            closeTaken = true;
        }
    }

    private void append(byte[] frame) {
        rest = ByteBuffer.allocate(rest.remaining() + frame.length)
                .put(rest)
                .put(frame)
                .flip();
    }

    /** The socket took this many of the bytes that {@link #fill} added. */
    void taken(int bytes) {
        rest.position(rest.position() + bytes);
        if (!rest.hasRemaining()) {
            rest = EMPTY;
        }
    }

    /** Keeps the rest of an event's frame; called only when nothing else is pending. */
    void keep(WriteBatch.Reached reached) {
        byte[] frames = reached.frames().bytes();
        int end = reached.frames().end(reached.event());
        int length = end - reached.offset();
        rest = length > EventBlock.LARGE_EVENT
                ? ByteBuffer.wrap(frames, reached.offset(), length)
                : ByteBuffer.wrap(Arrays.copyOfRange(frames, reached.offset(), end));
    }
}
