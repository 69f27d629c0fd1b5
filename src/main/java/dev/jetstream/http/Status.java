package dev.jetstream.http;

/** What the server tells about itself at {@code /status}. Any thread may ask. */
public interface Status {
    /** A JSON object, as of now or of a moment ago. */
    String json();
}
