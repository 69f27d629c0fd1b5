package dev.jetstream.client;

import java.net.URI;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A listener for connections and skipped messages. It is called on the client's threads, one call at a time for connections; it
 * must not block. Whatever it throws is logged and ignored.
 */
public interface JetstreamListener {
    /** A connection is open and starts at the cursor; empty: live. */
    default void onConnected(URI server, OptionalLong cursor) {}

    /** A connection was lost or could not be opened; the next attempt follows after the pause. */
    default void onDisconnected(URI server, String reason, Duration retryIn) {}

    /** A message was skipped because it is not an event or too large. The reason may contain the server's text. */
    default void onSkipped(URI server, String reason) {}
}
