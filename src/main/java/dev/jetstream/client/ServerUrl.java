package dev.jetstream.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server's URL, split into an address and the parameters of {@code /subscribe}. The parameters of a pasted URL become options
 * because a reconnect sends its own (a server ignores a second {@code cursor}).
 *
 * @param base {@code ws} or {@code wss}, with a path and the unknown parameters of the query
 * @param parameters the known parameters of the query, in order, each with one or more values
 */
record ServerUrl(URI base, Map<String, List<String>> parameters) {
    private static final Set<String> VALUES =
            Set.of("maxMessageSizeBytes", "cursor", "compress", "requireHello", "format");
    private static final Map<String, String> SCHEMES = Map.of("ws", "ws", "http", "ws", "wss", "wss", "https", "wss");

    /**
     * Reads {@code ws}, {@code wss}, {@code http} (as ws) and {@code https} (as wss) URLs; without a path the path is
     * {@code /subscribe}.
     *
     * @throws IllegalArgumentException when the text is not such a URL
     */
    static ServerUrl parse(String text) {
        URI uri;
        try {
            uri = new URI(text.trim());
        } catch (URISyntaxException e) {
            throw bad(text, e.getReason());
        }
        String scheme =
                uri.getScheme() == null ? null : SCHEMES.get(uri.getScheme().toLowerCase(Locale.ROOT));
        if (scheme == null || !text.contains("://")) {
            throw bad(text, "it must start with ws://, wss://, http:// or https://");
        }
        if (uri.getHost() == null) {
            throw bad(text, "it has no host");
        }
        if (uri.getPort() > 65_535) {
            throw bad(text, "a port is at most 65535");
        }
        String path = uri.getRawPath() == null || uri.getRawPath().length() <= 1 ? "/subscribe" : uri.getRawPath();
        Map<String, List<String>> known = new LinkedHashMap<>();
        String rest = split(uri.getRawQuery(), known);
        String base = scheme + "://" + uri.getRawAuthority() + path + (rest.isEmpty() ? "" : "?" + rest);
        return new ServerUrl(URI.create(base), known);
    }

    /**
     * Sets the options that the parameters name; of a repeated parameter with one value, the last counts.
     *
     * @throws IllegalArgumentException when a value is invalid
     */
    void applyTo(JetstreamOptions.Builder options) {
        parameters.forEach((name, values) -> {
            String value = values.get(values.size() - 1);
            switch (name) {
                case "maxMessageSizeBytes" -> options.maxMessageSizeBytes(Math.max(0, number(name, value)));
                case "cursor" -> {
                    if (!value.isEmpty()) {
                        options.cursor(number(name, value));
                    }
                }
                case "compress" -> options.compress(value.equals("true"));
                case "requireHello" -> options.requireHello(value.equals("true"));
                case "format" -> options.format(JetstreamOptions.Format.of(value));
                default ->
                    options.filter(options.filter.toBuilder().list(name, values).build());
            }
        });
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the URL's " + name + " must be a whole number, not " + value, e);
        }
    }

    /**
     * The URL of a request.
     *
     * @param filter null: sent as the hello instead
     * @param format null: the server's default
     */
    static URI subscribe(
            URI base,
            @Nullable StreamFilter filter,
            OptionalLong cursor,
            boolean compress,
            JetstreamOptions.@Nullable Format format) {
        StringBuilder query = new StringBuilder(base.getRawQuery() == null ? "" : base.getRawQuery());
        if (filter == null) {
            add(query, "requireHello", "true");
        } else {
            filter.parameters().forEach((name, values) -> values.forEach(value -> add(query, name, value)));
        }
        cursor.ifPresent(micros -> add(query, "cursor", Long.toString(micros)));
        if (compress) {
            add(query, "compress", "true");
        }
        if (format != null) {
            add(query, "format", format.parameter());
        }
        String head = base.getScheme() + "://" + base.getRawAuthority() + base.getRawPath();
        return URI.create(query.isEmpty() ? head : head + "?" + query);
    }

    private static void add(StringBuilder query, String name, String value) {
        if (!query.isEmpty()) {
            query.append('&');
        }
        query.append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private static String split(@Nullable String rawQuery, Map<String, List<String>> known) {
        List<String> rest = new ArrayList<>();
        for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (VALUES.contains(name) || StreamFilter.LISTS.contains(name)) {
                String value = equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
                known.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            } else if (!pair.isEmpty()) {
                rest.add(pair);
            }
        }
        return String.join("&", rest);
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("not a server URL: " + text + ": " + why);
    }
}
