package dev.jetstream.upstream;

/**
 * The whole frames that one read of the relay's socket brought, in order, back to back in one array of their own.
 *
 * <p>A frame is the payload of one binary websocket message: a CBOR header and a CBOR body. The arrays belong to the batch and are
 * not written again, so any thread may decode them; between two frames lie a few bytes that belong to none.
 */
public final class FrameBatch {
    private final byte[] bytes;
    private final int[] starts;
    private final int[] ends;
    private final int count;
    private final Connection connection;
    private final long receivedNanos;

    /** A batch of the first {@code count} slices. The arrays are not copied. */
    public FrameBatch(byte[] bytes, int[] starts, int[] ends, int count, Connection connection, long receivedNanos) {
        this.bytes = bytes;
        this.starts = starts;
        this.ends = ends;
        this.count = count;
        this.connection = connection;
        this.receivedNanos = receivedNanos;
    }

    /** The array that the frames lie in; not to be written. */
    public byte[] bytes() {
        return bytes;
    }

    /** Number of frames, at least 1. */
    public int count() {
        return count;
    }

    /** Offset of frame {@code i}'s first byte. */
    public int start(int i) {
        return starts[i];
    }

    /** Offset behind frame {@code i}'s last byte. */
    public int end(int i) {
        return ends[i];
    }

    /** The connection that these frames came by. */
    public Connection connection() {
        return connection;
    }

    /** {@link System#nanoTime} of the moment when the last frame was whole. */
    public long receivedNanos() {
        return receivedNanos;
    }

    /** Bytes of the frames themselves. */
    public long frameBytes() {
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += ends[i] - starts[i];
        }
        return sum;
    }

    /** The first {@code frames} of these frames. */
    FrameBatch head(int frames) {
        return new FrameBatch(bytes, starts, ends, frames, connection, receivedNanos);
    }
}
