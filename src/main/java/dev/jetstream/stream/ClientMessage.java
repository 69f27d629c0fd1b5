package dev.jetstream.stream;

import dev.jetstream.event.Filter;

/** What a client's text message asks for. */
public sealed interface ClientMessage {
    /** A filter that replaces the current one. */
    record Update(Filter filter) implements ClientMessage {}

    /** Nothing. */
    record Ignored() implements ClientMessage {}

    /** A message that breaks the stream's rules: the connection is closed with this code and reason. */
    record Refused(int code, String reason) implements ClientMessage {}
}
