package dev.jetstream.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A failure that another attempt cannot fix; it ends the stream and reaches the subscriber's {@code onError}. */
public final class JetstreamException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_TEXT_CHARS = 500;
    private static final int BAD_REQUEST = 400;
    private static final int BAD_DATA = 1007;
    private static final int POLICY_VIOLATION = 1008;
    private static final int TOO_BIG = 1009;

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

    /** The end of the stream that a failed handshake means; null: another attempt may succeed. */
    static @Nullable JetstreamException fatal(Throwable failure) {
        if (unwrap(failure) instanceof WebSocketHandshakeException refused
                && refused.getResponse() != null
                && refused.getResponse().statusCode() == BAD_REQUEST) {
            String text = text(refused.getResponse());
            return new JetstreamException(Reason.REJECTED, text.isEmpty() ? "the server answered HTTP 400" : text);
        }
        return null;
    }

    /**
     * The fatal failure that a close frame means, or null if another attempt may succeed. 1007 to 1009 mean that our messages
     * were invalid, and they would be again; except for the 1008 that closes a slow consumer.
     */
    static @Nullable JetstreamException fatal(int closeCode, String reason) {
        boolean ours = closeCode == BAD_DATA || closeCode == POLICY_VIOLATION || closeCode == TOO_BIG;
        if (!ours || closeCode == POLICY_VIOLATION && reason.contains("slow")) {
            return null;
        }
        return new JetstreamException(
                Reason.INVALID_OPTIONS,
                reason.isEmpty() ? "the server closed the stream with " + closeCode : cut(reason));
    }

    /** A failure in one short line. */
    static String describe(Throwable failure, URI server) {
        Throwable cause = unwrap(failure);
        if (cause instanceof WebSocketHandshakeException refused && refused.getResponse() != null) {
            HttpResponse<?> response = refused.getResponse();
            String text = text(response);
            return "HTTP " + response.statusCode() + (text.isEmpty() ? "" : ": " + text);
        }
        if (cause instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                    ? "unknown host " + server.getHost()
                    : cut(cause.getMessage() == null ? "connection refused" : cause.getMessage());
        }
        if (cause instanceof InternalError) {
            // The JDK's websocket reports this when a socket ends during a listener call.
            return "connection lost";
        }
        String message = cause.getMessage();
        return cut(message == null || message.isBlank() ? cause.getClass().getSimpleName() : message);
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String text(HttpResponse<?> response) {
        return response.body() instanceof String body ? cut(body) : "";
    }

    /** Untrusted text on one line, truncated. */
    private static String cut(String text) {
        String line = text.strip().replaceAll("[\\p{Cntrl}\\s]+", " ");
        return line.length() <= MAX_TEXT_CHARS ? line : line.substring(0, MAX_TEXT_CHARS);
    }
}
