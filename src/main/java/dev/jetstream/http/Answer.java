package dev.jetstream.http;

import dev.jetstream.net.Request;
import dev.jetstream.net.RequestHead;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A response that is complete before it is sent.
 *
 * @param type media type of the body; empty: there is no body
 * @param headers lines without line ends, in addition to those that every response has
 * @param isLast whether the connection is closed after it even if the client would keep it
 * @param takeover what the connection does instead of sending this response
 */
record Answer(
        int status, String type, byte[] body, List<String> headers, boolean isLast, Optional<Request.Reply> takeover) {
    static final String TEXT = "text/plain; charset=UTF-8";

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"),
            Map.entry(204, "No Content"),
            Map.entry(304, "Not Modified"),
            Map.entry(400, "Bad Request"),
            Map.entry(404, "Not Found"),
            Map.entry(405, "Method Not Allowed"),
            Map.entry(426, "Upgrade Required"),
            Map.entry(429, "Too Many Requests"),
            Map.entry(500, "Internal Server Error"),
            Map.entry(501, "Not Implemented"),
            Map.entry(503, "Service Unavailable"),
            Map.entry(505, "HTTP Version Not Supported"));
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

    /** A valid header field name; a preflight may ask for anything. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    Answer(int status, String type, byte[] body) {
        this(status, type, body, List.of(), false, Optional.empty());
    }

    /** No response: the connection is taken over. */
    static Answer takeover(Request.Reply reply) {
        return new Answer(0, "", new byte[0], List.of(), false, Optional.of(reply));
    }

    /** A status without a body. */
    static Answer empty(int status) {
        return new Answer(status, "", new byte[0]);
    }

    /** Exactly this plain text. */
    static Answer text(int status, String text) {
        return new Answer(status, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Plain text that ends with a line end. */
    static Answer line(int status, String text) {
        return text(status, text.endsWith("\n") ? text : text + "\n");
    }

    /**
     * The response to {@code OPTIONS}: any page may send any request.
     *
     * @param requested the values of {@code Access-Control-Request-Headers}
     */
    static Answer preflight(List<String> requested) {
        String names = Stream.concat(
                        Stream.of("*"),
                        Arrays.stream(String.join(",", requested).split(",")))
                .map(String::strip)
                .filter(name -> TOKEN.matcher(name).matches())
                .collect(Collectors.joining(", "));
        return empty(204)
                .with("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
                .with("Access-Control-Allow-Headers", names)
                .with("Access-Control-Max-Age", "86400");
    }

    /** The same with one more header field. */
    Answer with(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new Answer(status, type, body, more, isLast, takeover);
    }

    /** The same, after which the connection is closed. */
    Answer closing() {
        return new Answer(status, type, body, headers, true, takeover);
    }

    CompletionStage<Answer> now() {
        return CompletableFuture.completedFuture(this);
    }

    /** The bytes of this response to a request. */
    Request.Response reply(RequestHead request) {
        boolean isOld = request.version().equals("HTTP/1.0");
        boolean closes = isLast
                || request.hasToken("connection", "close")
                || isOld && !request.hasToken("connection", "keep-alive");
        StringBuilder head = new StringBuilder(isOld ? "HTTP/1.0 " : "HTTP/1.1 ");
        head.append(status).append(' ').append(REASONS.get(status)).append("\r\n");
        headers.forEach(line -> head.append(line).append("\r\n"));
        head.append("Access-Control-Allow-Origin: *\r\nServer: jetstream\r\nDate: ")
                .append(DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        if (closes || isOld) {
            head.append(closes ? "\r\nConnection: close" : "\r\nConnection: keep-alive");
        }
        if (!type.isEmpty()) {
            head.append("\r\nContent-Type: ").append(type);
            head.append("\r\nContent-Length: ").append(body.length);
        }
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        if (request.method().equals("HEAD")) {
            return new Request.Response(start, closes);
        }
        byte[] all = Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return new Request.Response(all, closes);
    }
}
