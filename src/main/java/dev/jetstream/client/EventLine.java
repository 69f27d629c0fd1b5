package dev.jetstream.client;

import java.util.Objects;

/**
 * An event as the server wrote it: one line of JSON, not parsed beyond its time.
 *
 * @param timeUs unix microseconds by the server's clock; the cursor that resumes here
 * @param json the message, byte for byte once encoded as UTF-8
 */
public record EventLine(long timeUs, String json) {
    public EventLine {
        Objects.requireNonNull(json, "json");
    }
}
