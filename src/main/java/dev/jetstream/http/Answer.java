package dev.jetstream.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * An answer that is whole before it is sent: the transport counts on one write for each.
 *
 * @param status HTTP status
 * @param type of the body
 * @param body UTF-8
 * @param headers beside those that every answer has
 */
record Answer(int status, ContentType type, String body, List<HttpHeader> headers) {
    private static final HttpHeader ANY_ORIGIN = RawHeader.create("Access-Control-Allow-Origin", "*");

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

    /** The same, and the connection is closed behind it. */
    Answer closing() {
        return with(Connection.create("close"));
    }

    private Answer with(HttpHeader header) {
        List<HttpHeader> more = new ArrayList<>(headers);
        more.add(header);
        return new Answer(status, type, body, more);
    }

    /** For where an answer may take its time. */
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
