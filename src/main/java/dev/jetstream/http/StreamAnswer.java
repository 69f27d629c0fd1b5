package dev.jetstream.http;

import dev.jetstream.stream.HttpStream;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** How a stream in the body of an HTTP answer begins: the head that the body follows, or the answer that refuses. */
sealed interface StreamAnswer {
    /**
     * Accepted.
     *
     * @param head the whole head; it tells caches and proxies to hold nothing back, and that the connection ends with the body
     */
    record Accepted(byte[] head) implements StreamAnswer {}

    record Refused(Answer answer) implements StreamAnswer {}

    /** Checks a request. */
    static StreamAnswer of(HttpRequest request, HttpStream stream) {
        if (request.protocol().equals(HttpProtocols.HTTP_1_0)) {
            return new Refused(Answer.line(
                    505,
                    "a stream needs HTTP/1.1; does a proxy on the way speak 1.0 (nginx: proxy_http_version 1.1)?"));
        }
        String head = "HTTP/1.1 200 OK\r\nServer: jetstream\r\nContent-Type: " + type(stream)
                + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nCache-Control: no-store\r\n"
                + "X-Accel-Buffering: no\r\nAccess-Control-Allow-Origin: *\r\n\r\n";
        return new Accepted(head.getBytes(StandardCharsets.US_ASCII));
    }

    private static String type(HttpStream stream) {
        return switch (stream) {
            case SERVER_SENT_EVENTS -> stream.mediaType() + "; charset=utf-8";
            case NDJSON -> stream.mediaType();
        };
    }
}
