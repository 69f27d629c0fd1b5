package dev.jetstream.stream;

import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A stream that clients connect to: its route, its parameters with their limits and error texts, its cursor's syntax, the kinds of
 * event that it shows, its encodings, and its clients' messages. The journal, the subscriber and the transport know nothing of
 * these. Pure; any thread.
 */
public interface EventStream {
    /** The path of the request target. */
    String path();

    /** The kinds of event that are sent; subscribers never see others. */
    Set<EventKind> kinds();

    /**
     * Reads a request.
     *
     * @param nowUs the clock, unix microseconds
     */
    Answer read(Request request, long nowUs);

    /** Reads a client's text message: valid UTF-8, of a size that the transport has bounded. */
    ClientMessage readMessage(byte[] utf8);

    /**
     * A request for a stream.
     *
     * @param target as received, one char per byte
     * @param fields the values of a header field, in order, by its lower-case name
     * @param asksForWebSocket whether it is an opening handshake
     */
    record Request(String target, Function<String, List<String>> fields, boolean asksForWebSocket) {
        /** The first value of a header field; empty where there is none. */
        String first(String name) {
            List<String> values = fields.apply(name);
            return values.isEmpty() ? "" : values.get(0);
        }
    }

    /** A {@link Subscription}, or a {@link Refusal}. */
    sealed interface Answer permits Subscription, Refusal {}

    /**
     * The answer to a request that breaks the stream's rules.
     *
     * @param status of HTTP
     * @param text the whole body, plain text
     */
    record Refusal(int status, String text) implements Answer {}

    /** What a client's text message means. */
    sealed interface ClientMessage {
        /** A filter that replaces the current one. */
        record Update(Filter filter) implements ClientMessage {}

        /** Nothing. */
        record Ignored() implements ClientMessage {}

        /** A message that breaks the stream's rules: the connection is closed with this code and reason. */
        record Refused(int code, String reason) implements ClientMessage {}
    }
}
