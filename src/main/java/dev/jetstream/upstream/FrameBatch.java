package dev.jetstream.upstream;

/**
 * Upstream frames in the order in which the relay sent them, in one array. A frame is the payload of one binary websocket
 * message: a CBOR header and a CBOR body. Immutable until it is released; any thread.
 *
 * @param bytes holds the frames; bytes between them belong to none
 * @param count frames, at least 1
 * @param starts offset of each frame's first byte
 * @param ends offset after each frame
 * @param connection the connection that brought the frames
 * @param receivedNanos {@link System#nanoTime} at which the last frame was complete
 * @param pool the pool of {@code bytes}; null: none
 * @param reader notified of what the decoder finds
 */
public record FrameBatch(
        byte[] bytes,
        int count,
        int[] starts,
        int[] ends,
        Connection connection,
        long receivedNanos,
        ArrayPool pool,
        Reader reader) {

    /** Reads the relay, and hears from the decoder what the frames say about the stream itself. Called by any thread. */
    public interface Reader {
        /** The relay ended the stream with an error; what it sends afterwards does not count. Both texts are fit for a log. */
        void onError(String name, String message);

        /** The relay sent {@code #info}. Both texts are fit for a log. */
        void onInfo(String name, String message);

        /**
         * A batch was decoded and released.
         *
         * @param frames its frames, except an error and what follows it
         */
        void onDecoded(FrameBatch batch, int frames);
    }

    /** A reader that ignores everything. */
    static final Reader NOBODY = new Reader() {
        @Override
        public void onError(String name, String message) {}

        @Override
        public void onInfo(String name, String message) {}

        @Override
        public void onDecoded(FrameBatch batch, int frames) {}
    };

    /** A batch without pool and reader. */
    public FrameBatch(byte[] bytes, int count, int[] starts, int[] ends, Connection connection, long receivedNanos) {
        this(bytes, count, starts, ends, connection, receivedNanos, null, NOBODY);
    }

    /** Bytes from the first frame's start to the last one's end. */
    public int length() {
        return ends[count - 1] - starts[0];
    }

    /** Offset of frame {@code i}'s first byte. */
    public int start(int i) {
        return starts[i];
    }

    /** Offset after frame {@code i}. */
    public int end(int i) {
        return ends[i];
    }

    /** Bytes of the first {@code frames} frames. */
    long frameBytes(int frames) {
        long sum = 0;
        for (int i = 0; i < frames; i++) {
            sum += ends[i] - starts[i];
        }
        return sum;
    }

    /** The same batch with a reader. */
    public FrameBatch with(Reader newReader) {
        return new FrameBatch(bytes, count, starts, ends, connection, receivedNanos, pool, newReader);
    }

    /**
     * Ends the use of {@link #bytes}. Called exactly once, by the decoder of the batch.
     *
     * @param frames frames decoded, except an error and what follows it
     */
    public void release(int frames) {
        if (pool != null) {
            pool.giveBack(bytes);
        }
        reader.onDecoded(this, frames);
    }
}
