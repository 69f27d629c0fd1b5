package dev.jetstream.relay;

import java.util.OptionalLong;

/** The frames of a relay. Thread-safe; each client opens its own reader. */
public interface FrameSource extends AutoCloseable {
    /** The result of {@link #open}. */
    sealed interface Opening {}

    /**
     * A position in the stream.
     *
     * @param outdated whether the cursor was older than the oldest kept frame, with which the client then starts
     */
    record Opened(FrameReader reader, boolean outdated) implements Opening {}

    /** The cursor is above {@code newest}, the seq of the newest frame. */
    record FutureCursor(long newest) implements Opening {}

    /** Opens the position after {@code cursor}, 0 or more; without one, after the newest frame. The first call starts the stream. */
    Opening open(OptionalLong cursor);

    /** Ends the stream; readers get no more frames. */
    @Override
    void close();

    /** One client's position in the stream, for one thread. */
    interface FrameReader {
        /**
         * Appends the next frames, as many as exist and fit, and advances.
         *
         * @param waitNanos how long to wait for the first one
         * @return false when the next frame is no longer kept: the client was too slow
         */
        boolean read(FrameBatch into, long waitNanos) throws InterruptedException;
    }
}
