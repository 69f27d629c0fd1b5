package dev.jetstream.relay;

import java.util.OptionalLong;

/** Where a relay's frames come from. Thread-safe: every client opens a reader of its own. */
public interface FrameSource extends AutoCloseable {
    /** What came of a client's wish for a place in the stream. */
    sealed interface Opening {}

    /**
     * A place in the stream.
     *
     * @param outdated whether the cursor was older than what is held, so that the client begins with the oldest frame
     */
    record Opened(FrameReader reader, boolean outdated) implements Opening {}

    /** The cursor lies above the newest frame, whose seq this is. */
    record FutureCursor(long newest) implements Opening {}

    /**
     * Opens a place right behind {@code cursor}, or, without one, behind the newest frame. The first client ever starts the
     * stream.
     *
     * @param cursor a seq, 0 or more
     */
    Opening open(OptionalLong cursor);

    /** Ends the stream; readers find nothing more, and wait for it in vain as long as they are told to. */
    @Override
    void close();

    /** One client's place in the stream. Used by one thread. */
    interface FrameReader {
        /**
         * Adds the next frames to {@code into}, as many as it likes to take and are there, and moves on.
         *
         * @param waitNanos how long to wait for the first one
         * @return false once the place was dropped from what is held: the client was too slow
         */
        boolean read(FrameBatch into, long waitNanos) throws InterruptedException;
    }
}
