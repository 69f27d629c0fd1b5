package dev.jetstream.client;

/** A message that is not an event: not JSON, or without a required field. The stream continues after it. */
public final class MalformedEventException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_EXCERPT_CHARS = 200;

    private final String excerpt;

    MalformedEventException(String reason, String message) {
        super(reason);
        this.excerpt = message.length() <= MAX_EXCERPT_CHARS ? message : message.substring(0, MAX_EXCERPT_CHARS);
    }

    /** The start of the message, at most 200 characters of it. Untrusted text. */
    public String excerpt() {
        return excerpt;
    }
}
