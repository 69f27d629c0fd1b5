package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.stream.Encoding;

/**
 * What must go out before the next event: the rest of a frame that the socket took only some of, then the latest pong, a sign
 * of life, the connection's last bytes. None of these ever splits a frame. Used by the subscriber's actor alone.
 */
final class PendingBytes {
    private static final byte[] EMPTY = {};

    private final Encoding encoding;
    private byte[] rest = EMPTY;
    private int restAt;
    private int restEnd;
    private byte[] pong;
    private boolean keepAlive;
    private byte[] close;
    private boolean closeTaken;

    PendingBytes(Encoding encoding) {
        this.encoding = encoding;
    }

    /** Answers the latest ping, not those before it. */
    void pong(byte[] payload) {
        pong = payload;
    }

    void keepAlive() {
        keepAlive = true;
    }

    /** The last of the connection, with a close code of websockets and a reason. */
    void close(int code, String reason) {
        close = encoding.end(code, reason);
        keepAlive = false;
    }

    boolean isClosing() {
        return close != null;
    }

    boolean isEmpty() {
        return restAt == restEnd && pong == null && !keepAlive && (close == null || closeTaken);
    }

    /** Whether the close frame has gone out to its last byte. */
    boolean isClosed() {
        return closeTaken && restAt == restEnd;
    }

    /** Puts what waits in front of a write. */
    void fill(WriteBatch batch) {
        if (restAt < restEnd && restEnd - restAt > EventBlock.LARGE_EVENT) {
            batch.addPrefix(rest, restAt, restEnd);
            return;
        }
        takeControlFrames();
        batch.addPrefix(rest, restAt, restEnd);
    }

    private void takeControlFrames() {
        if (pong != null) {
            append(encoding.pong(pong));
            pong = null;
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
        int length = restEnd - restAt;
        byte[] joined = new byte[length + frame.length];
        System.arraycopy(rest, restAt, joined, 0, length);
        System.arraycopy(frame, 0, joined, length, frame.length);
        rest = joined;
        restAt = 0;
        restEnd = joined.length;
    }

    /** The socket took so many of the bytes that {@link #fill} put in. */
    void taken(int bytes) {
        restAt += bytes;
        if (restAt == restEnd) {
            rest = EMPTY;
            restAt = 0;
            restEnd = 0;
        }
    }

    /** Remembers the rest of an event's frame; to be called when nothing else waits. */
    void keep(WriteBatch.Reached reached) {
        int end = reached.frames().end(reached.event());
        int length = end - reached.offset();
        if (length > EventBlock.LARGE_EVENT) {
            rest = reached.frames().bytes();
            restAt = reached.offset();
            restEnd = end;
        } else {
            rest = new byte[length];
            System.arraycopy(reached.frames().bytes(), reached.offset(), rest, 0, length);
            restAt = 0;
            restEnd = length;
        }
    }
}
