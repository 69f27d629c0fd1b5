package dev.jetstream.endpoint;

import dev.jetstream.event.Format;
import dev.jetstream.event.Representations;
import dev.jetstream.subscriber.Options;
import dev.jetstream.subscriber.SubscribeRequest;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What the query of {@code /subscribe} asks for: a request, or the text that tells the client what is wrong with it. */
sealed interface SubscribeQuery {
    /** A good one. */
    record Good(SubscribeRequest request) implements SubscribeQuery {}

    /** A bad one. */
    record Bad(String text) implements SubscribeQuery {}

    Set<String> NAMES = Set.of(
            "wantedCollections", "wantedDids", "maxMessageSizeBytes", "cursor", "compress", "requireHello", "format");

    /**
     * Reads a query; unknown names are ignored.
     *
     * @param target the raw request target, one char per byte
     * @param asksZstd whether a header asks for zstd
     */
    static SubscribeQuery of(String target, boolean asksZstd, Format defaultFormat, Representations representations) {
        QueryString query = QueryString.of(target, NAMES);
        OptionalLong cursor = OptionalLong.empty();
        String cursorText = query.first("cursor");
        if (!cursorText.isEmpty()) {
            cursor = Cursor.microseconds(cursorText);
            if (cursor.isEmpty()) {
                return new Bad("invalid cursor: " + cursorText);
            }
        }
        Options options = Options.check(
                query.all("wantedCollections"),
                query.all("wantedDids"),
                Cursor.integer(query.first("maxMessageSizeBytes")).orElse(0));
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
        boolean compressed = asksZstd || query.first("compress").equals("true");
        return new Good(new SubscribeRequest(
                ((Options.Valid) options).filter(),
                representations.of(format.get(), compressed),
                cursor,
                query.first("requireHello").equals("true")));
    }
}
