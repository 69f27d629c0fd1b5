package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * Is told what happens around the events. Called on the client's own threads, one call at a time for connections; it must not
 * block, and what it throws is logged and forgotten.
 */
public interface JetstreamListener {
    /** A connection is open. The cursor is what it was asked to start from; empty: live. */
    default void onConnected(URI server, OptionalLong cursor) {}

    /** A connection was lost, or could not be made; the next attempt follows after the pause. */
    default void onDisconnected(URI server, String reason, Duration retryIn) {}

    /** A message was skipped because it is no event, or too large. The reason may hold text of the server's. */
    default void onSkipped(URI server, String reason) {}
}
