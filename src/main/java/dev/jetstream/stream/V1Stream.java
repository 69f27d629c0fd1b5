package dev.jetstream.stream;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /subscribe}: the stream of Jetstream v1, with v0's shapes as a variant. It runs on websockets, and on request in the body of
 * an HTTP response.
 */
public final class V1Stream implements EventStream {
    private static final Set<String> NAMES = Stream.of(
                    List.of("cursor", "compress", "requireHello", "format"),
                    FilterOptions.V1_LISTS,
                    FilterOptions.OWN_LISTS,
                    FilterOptions.NUMBERS)
            .flatMap(Collection::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static final Set<EventKind> KINDS =
            Set.copyOf(EnumSet.of(EventKind.COMMIT, EventKind.IDENTITY, EventKind.ACCOUNT));

    /** The shape of an event's JSON. */
    public enum Format {
        /** {@code "kind":"commit"}, {@code "operation":"create"}: the shape that today's clients expect. */
        V1,
        /** {@code "type":"com"}, {@code "type":"c"}: the shape of the first servers. */
        V0;

        /** The format that clients and operators call {@code v1} or {@code v0}. */
        public static Optional<Format> named(String name) {
            return switch (name) {
                case "v1" -> Optional.of(V1);
                case "v0" -> Optional.of(V0);
                default -> Optional.empty();
            };
        }
    }

    /** The encodings of one format. Their indexes are {@code first} to {@code first + 3}. */
    private record Encodings(Encoding text, Encoding zstd, Encoding events, Encoding lines) {
        static Encodings of(int first, WebSocketEncoding text, MessageCompressor compressor) {
            return new Encodings(
                    text,
                    new WebSocketEncoding(first + 1, text, compressor),
                    new BodyEncoding(first + 2, text, HttpStream.SERVER_SENT_EVENTS),
                    new BodyEncoding(first + 3, text, HttpStream.NDJSON));
        }
    }

    private final Format defaultFormat;
    private final Encodings v1;
    private final Encodings v0;

    /**
     * @param compressor makes the compressed encodings
     * @param defaultFormat where the client names none
     */
    public V1Stream(MessageCompressor compressor, Format defaultFormat) {
        this.defaultFormat = defaultFormat;
        v1 = Encodings.of(0, new WebSocketEncoding(0, EventBlock::own), compressor);
        v0 = Encodings.of(4, new WebSocketEncoding(4, V0Shapes::of), compressor);
    }

    @Override
    public String path() {
        return "/subscribe";
    }

    @Override
    public Set<EventKind> kinds() {
        return KINDS;
    }

    /** The encoding of websocket messages. */
    public Encoding encoding(Format format, boolean compressed) {
        Encodings encodings = encodings(format);
        return compressed ? encodings.zstd() : encodings.text();
    }

    /** The encoding of the body of an HTTP response. */
    public Encoding encoding(Format format, HttpStream body) {
        Encodings encodings = encodings(format);
        return switch (body) {
            case SERVER_SENT_EVENTS -> encodings.events();
            case NDJSON -> encodings.lines();
        };
    }

    private Encodings encodings(Format format) {
        return format == Format.V1 ? v1 : v0;
    }

    @Override
    public ClientMessage readMessage(byte[] utf8) {
        return OptionsUpdateReader.read(utf8, KINDS);
    }

    /** Reads a request; unknown parameters are ignored. */
    @Override
    public Answer read(Request request, long nowUs) {
        QueryString query = QueryString.of(request.target(), NAMES);
        OptionalLong cursor = OptionalLong.empty();
        String cursorText = query.first("cursor");
        if (!cursorText.isEmpty()) {
            cursor = Cursor.microseconds(cursorText, nowUs);
            if (cursor.isEmpty()) {
                return bad("invalid cursor: " + cursorText);
            }
        }
        FilterOptions options = FilterOptions.check(KINDS, name -> texts(query, name), name -> number(query, name));
        if (options instanceof FilterOptions.Invalid invalid) {
            return bad(invalid.text());
        }
        String formatName = query.first("format");
        Optional<Format> format = formatName.isEmpty() && query.all("format").isEmpty()
                ? Optional.of(defaultFormat)
                : Format.named(formatName);
        if (format.isEmpty()) {
            return bad("invalid format: " + formatName + " (v1 or v0)");
        }
        boolean compressed = query.first("compress").equals("true")
                || request.fields().apply("socket-encoding").stream().anyMatch(value -> value.contains("zstd"));
        boolean requireHello = query.first("requireHello").equals("true");
        Filter filter = ((FilterOptions.Valid) options).filter();
        Optional<HttpStream> body = request.asksForWebSocket()
                ? Optional.empty()
                : HttpStream.accepted(request.fields().apply("accept"));
        if (body.isEmpty()) {
            return new Subscription(this, filter, encoding(format.get(), compressed), cursor, requireHello);
        }
        String mediaType = body.get().mediaType();
        if (requireHello) {
            return bad("requireHello needs a websocket: " + mediaType + " has no way for the hello");
        }
        if (compressed) {
            return bad("compress needs a websocket: " + mediaType + " is text");
        }
        String last = request.first("last-event-id");
        if (!last.isEmpty()) {
            cursor = Cursor.after(last);
            if (cursor.isEmpty()) {
                return bad("invalid Last-Event-ID: " + last);
            }
        }
        return new Subscription(this, filter, encoding(format.get(), body.get()), cursor, false);
    }

    /** An empty text is a value of v1's lists, which is refused. */
    private static List<String> texts(QueryString query, String name) {
        List<String> all = query.all(name);
        return FilterOptions.OWN_LISTS.contains(name)
                ? all.stream().filter(text -> !text.isEmpty()).toList()
                : all;
    }

    /** A number that is not a 64-bit integer counts as 0: no limit. */
    private static OptionalLong number(QueryString query, String name) {
        String text = query.first(name);
        return text.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Cursor.integer(text).orElse(0));
    }

    private static Refusal bad(String text) {
        return new Refusal(400, text);
    }
}
