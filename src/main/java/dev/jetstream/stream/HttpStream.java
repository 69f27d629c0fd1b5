package dev.jetstream.stream;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A media type in which events are streamed in the body of an HTTP response, for clients without a websocket. */
public enum HttpStream {
    /** Server-sent events (the HTML standard, section 9.2): {@code id: TIME_US}, {@code data: JSON}, an empty line. */
    SERVER_SENT_EVENTS("text/event-stream", "text/event-stream; charset=utf-8", ":\n", "id: ", "\ndata: ", "\n\n"),
    /** Newline-delimited JSON. */
    NDJSON("application/x-ndjson", "application/x-ndjson", "\n", "", "", "\n");

    private static final Pattern WEIGHT = Pattern.compile("q\\s*=\\s*(0(\\.[0-9]{0,3})?|1(\\.0{0,3})?)");

    private final String mediaType;
    private final String contentType;
    final String keepAlive;
    final String beforeId;
    final String beforeJson;
    final String afterJson;

    /**
     * @param keepAlive a line without content
     * @param beforeId what precedes an event's time; empty: the time is not written
     */
    HttpStream(
            String mediaType,
            String contentType,
            String keepAlive,
            String beforeId,
            String beforeJson,
            String afterJson) {
        this.mediaType = mediaType;
        this.contentType = contentType;
        this.keepAlive = keepAlive;
        this.beforeId = beforeId;
        this.beforeJson = beforeJson;
        this.afterJson = afterJson;
    }

    /** The name in {@code Accept}, in lower case. */
    public String mediaType() {
        return mediaType;
    }

    /** The value of {@code Content-Type}. */
    public String contentType() {
        return contentType;
    }

    /**
     * The stream that a client asks for by name (RFC 9110, section 12.5.1): of several the one with the greatest weight, of equals
     * the first. Ranges ({@code *}{@code /*}, {@code text/*}) ask for none, since every client sends those.
     *
     * @param accept the values of all {@code Accept} fields, in order
     */
    static Optional<HttpStream> accepted(List<String> accept) {
        HttpStream best = null;
        double bestWeight = 0;
        for (String element : String.join(",", accept).split(",")) {
            String[] parts = element.split(";", -1);
            double weight = weight(parts);
            for (HttpStream stream : values()) {
                if (parts[0].strip().toLowerCase(Locale.ROOT).equals(stream.mediaType) && weight > bestWeight) {
                    best = stream;
                    bestWeight = weight;
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** The {@code q} of an element; 1 where it has none, or one that is not a number from 0 to 1. */
    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT);
            if (WEIGHT.matcher(parameter).matches()) {
                return Double.parseDouble(
                        parameter.substring(parameter.indexOf('=') + 1).strip());
            }
        }
        return 1;
    }
}
