package dev.jetstream.upstream;

/**
 * Upstream frames as they came off the relay's socket, in order, somewhere in one array. A frame is the payload of one binary
 * websocket message: a CBOR header and a CBOR body. Whoever made it writes no more, so any thread may decode, until it is
 * released.
 *
 * @param bytes holds the frames; between two of them may lie bytes that belong to none
 * @param count frames, at least 1
 * @param starts offset of each frame's first byte
 * @param ends offset behind each frame
 * @param connection what brought them
 * @param receivedNanos {@link System#nanoTime} of the moment when the last of them was whole
 * @param pool where {@code bytes} came from; null: from nowhere
 */
public record FrameBatch(
        byte[] bytes, int count, int[] starts, int[] ends, Connection connection, long receivedNanos, ArrayPool pool) {
    /** A batch in an array of its own. */
    public FrameBatch(byte[] bytes, int count, int[] starts, int[] ends, Connection connection, long receivedNanos) {
        this(bytes, count, starts, ends, connection, receivedNanos, null);
    }

    /** Bytes from the first frame's start to the last one's end. */
    public int length() {
        return count == 0 ? 0 : ends[count - 1] - starts[0];
    }

    /** Offset of frame {@code i}'s first byte. */
    public int start(int i) {
        return starts[i];
    }

    /** Offset behind frame {@code i}. */
    public int end(int i) {
        return ends[i];
    }

    /** Bytes of the frames themselves. */
    public long frameBytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += ends[i] - starts[i];
        }
        return sum;
    }

    /** The first {@code frames} of these frames, in place of this batch. */
    public FrameBatch head(int frames) {
        return new FrameBatch(bytes, frames, starts, ends, connection, receivedNanos, pool);
    }

    /** Gives the array back. Called once, when nobody looks at {@link #bytes} any more. */
    public void release() {
        if (pool != null) {
            pool.giveBack(bytes);
        }
    }
}
