package dev.jetstream.http;

import dev.jetstream.event.Filter;
import dev.jetstream.net.RequestHead;
import dev.jetstream.stream.Format;
import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Representation;
import dev.jetstream.stream.Representations;
import dev.jetstream.subscriber.Options;
import dev.jetstream.subscriber.SubscribeRequest;
import dev.jetstream.subscriber.Wishes;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a request for {@code /subscribe} asks for, in its query and its header fields: a subscription, or the text that tells the
 * client what is wrong with it.
 */
sealed interface SubscribeQuery {
    /**
     * A good one.
     *
     * @param stream what the body of the answer is to be; empty: a websocket is wanted
     */
    record Good(SubscribeRequest request, Optional<HttpStream> stream) implements SubscribeQuery {}

    /** A bad one. */
    record Bad(String text) implements SubscribeQuery {}

    /** The names that are read of a query, beside those of {@link Wishes}. */
    Set<String> OWN_NAMES = Set.of("cursor", "compress", "requireHello", "format");

    /** All names that are read of a query. */
    Set<String> NAMES = Stream.of(OWN_NAMES, Wishes.LISTS, Wishes.NUMBERS)
            .flatMap(Collection::stream)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Reads a query; unknown names are ignored.
     *
     * @param nowUs the clock, unix microseconds
     */
    static SubscribeQuery of(RequestHead head, Format defaultFormat, Representations representations, long nowUs) {
        QueryString query = QueryString.of(head.target(), NAMES);
        OptionalLong cursor = OptionalLong.empty();
        String cursorText = query.first("cursor");
        if (!cursorText.isEmpty()) {
            cursor = Cursor.microseconds(cursorText, nowUs);
            if (cursor.isEmpty()) {
                return new Bad("invalid cursor: " + cursorText);
            }
        }
        Options options = Options.check(new QueryWishes(query));
        if (options instanceof Options.Invalid invalid) {
            return new Bad(invalid.text());
        }
        String formatName = query.first("format");
        Optional<Format> format = formatName.isEmpty() && query.all("format").isEmpty()
                ? Optional.of(defaultFormat)
                : Format.named(formatName);
        if (format.isEmpty()) {
            return new Bad("invalid format: " + formatName + " (v1 or v0)");
        }
        boolean compressed = query.first("compress").equals("true")
                || head.all("socket-encoding").stream().anyMatch(value -> value.contains("zstd"));
        boolean requireHello = query.first("requireHello").equals("true");
        Filter filter = ((Options.Valid) options).filter();
        Optional<HttpStream> stream =
                WebSocketHandshake.isAsked(head) ? Optional.empty() : Accept.stream(head.all("accept"));
        if (stream.isPresent()) {
            Representation form = representations.of(format.get(), stream.get());
            return stream(stream.get(), new SubscribeRequest(filter, form, cursor, requireHello), compressed, head);
        }
        Representation form = representations.of(format.get(), compressed);
        return new Good(new SubscribeRequest(filter, form, cursor, requireHello), Optional.empty());
    }

    private static SubscribeQuery stream(
            HttpStream stream, SubscribeRequest request, boolean compressed, RequestHead head) {
        if (request.requireHello()) {
            return new Bad("requireHello needs a websocket: " + stream.mediaType() + " has no way for the hello");
        }
        if (compressed) {
            return new Bad("compress needs a websocket: " + stream.mediaType() + " is text");
        }
        String last = head.first("last-event-id");
        if (last.isEmpty()) {
            return new Good(request, Optional.of(stream));
        }
        OptionalLong id = Cursor.integer(last);
        if (id.isEmpty()) {
            return new Bad("invalid Last-Event-ID: " + last);
        }
        long cursor = id.getAsLong() == Long.MAX_VALUE ? Long.MAX_VALUE : id.getAsLong() + 1;
        return new Good(
                new SubscribeRequest(request.filter(), request.representation(), OptionalLong.of(cursor), false),
                Optional.of(stream));
    }

    /** The wishes of a query. */
    record QueryWishes(QueryString query) implements Wishes {
        @Override
        public List<String> list(String name) {
            return query.all(name);
        }

        @Override
        public OptionalLong number(String name) {
            String text = query.first(name);
            return text.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Cursor.integer(text).orElse(0));
        }
    }
}
