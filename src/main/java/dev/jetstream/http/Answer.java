package dev.jetstream.http;

import dev.jetstream.net.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * An answer that is whole before it is sent.
 *
 * @param status HTTP status
 * @param type of the body
 * @param body UTF-8
 * @param headers in addition to those that every answer has
 * @param takeover what the connection does instead of sending this answer
 */
record Answer(int status, ContentType type, String body, List<HttpHeader> headers, Optional<Request.Reply> takeover) {
    private static final HttpHeader ANY_ORIGIN = RawHeader.create("Access-Control-Allow-Origin", "*");

    /** The names of request headers that a preflight asks for; what is no token is left out. */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    Answer(int status, ContentType type, String body, List<HttpHeader> headers) {
        this(status, type, body, headers, Optional.empty());
    }

    /** None: the connection is taken over. */
    static Answer takeover(Request.Reply reply) {
        return new Answer(204, ContentTypes.NO_CONTENT_TYPE, "", List.of(), Optional.of(reply));
    }

    /**
     * To {@code OPTIONS}: any page may send any request.
     *
     * @param requested the values of {@code Access-Control-Request-Headers}
     */
    static Answer preflight(List<String> requested) {
        String names = Stream.concat(
                        Stream.of("*"), Stream.of(String.join(",", requested).split(",")))
                .map(String::strip)
                .filter(name -> TOKEN.matcher(name).matches())
                .collect(Collectors.joining(", "));
        return new Answer(204, ContentTypes.NO_CONTENT_TYPE, "", List.of())
                .with("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
                .with("Access-Control-Allow-Headers", names)
                .with("Access-Control-Max-Age", "86400");
    }

    /** Exactly this plain text. */
    static Answer text(int status, String text) {
        return new Answer(status, ContentTypes.TEXT_PLAIN_UTF8, text, List.of());
    }

    /** A sentence for a person, or lines of them. */
    static Answer line(int status, String text) {
        return text(status, text.endsWith("\n") ? text : text + "\n");
    }

    /** To a method other than GET and HEAD. */
    static Answer notAllowed() {
        return line(405, "only GET and HEAD are answered here").with("Allow", "GET, HEAD");
    }

    /** The same with one more header. */
    Answer with(String name, String value) {
        return with(RawHeader.create(name, value));
    }

    /** The same, after which the connection is closed. */
    Answer closing() {
        return with(Connection.create("close"));
    }

    private Answer with(HttpHeader header) {
        List<HttpHeader> more = new ArrayList<>(headers);
        more.add(header);
        return new Answer(status, type, body, more, takeover);
    }

    /** The same as a completed stage. */
    CompletionStage<Answer> now() {
        return CompletableFuture.completedFuture(this);
    }

    HttpResponse response() {
        List<HttpHeader> all = new ArrayList<>(headers);
        all.add(ANY_ORIGIN);
        return HttpResponse.create()
                .withStatus(status)
                .withHeaders(all)
                .withEntity(HttpEntities.create(type, body.getBytes(StandardCharsets.UTF_8)));
    }
}
