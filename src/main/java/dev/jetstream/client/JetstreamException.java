package dev.jetstream.client;

/** A failure that another attempt cannot fix; it ends the stream and reaches the subscriber's {@code onError}. */
public final class JetstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What ended the stream. */
    public enum Reason {
        /** The server answered the request with HTTP 400; the message is the server's text. */
        REJECTED,
        /** The server closed the socket because of our options; the message is the server's text. */
        INVALID_OPTIONS,
        /** The server compresses with a dictionary that this client does not have. */
        DICTIONARY,
        /** The connection was lost or could not be opened, and reconnecting is disabled. */
        DISCONNECTED
    }

    private final Reason reason;

    JetstreamException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
