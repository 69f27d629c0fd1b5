package dev.jetstream.http;

import dev.jetstream.websocket.Handshake;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.pekko.http.javadsl.model.HttpProtocols;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** The server's side of the opening handshake (RFC 6455, section 4.2): the head that accepts it, or the answer that refuses. */
sealed interface WebSocketHandshake {
    /**
     * Accepted.
     *
     * @param head the whole 101 answer; extensions and subprotocols that the client offered stay unanswered
     */
    record Accepted(byte[] head) implements WebSocketHandshake {}

    record Refused(Answer answer) implements WebSocketHandshake {}

    int KEY_BYTES = 16;

    /** Checks a request. */
    static WebSocketHandshake of(HttpRequest request, Headers headers) {
        if (!isAsked(headers)) {
            return refused(
                    426,
                    "this is a websocket stream: connect with a websocket client, or accept text/event-stream or"
                            + " application/x-ndjson");
        }
        if (request.protocol().equals(HttpProtocols.HTTP_1_0)) {
            return refused(426, "a websocket handshake needs HTTP/1.1");
        }
        if (!headers.hasToken("connection", "upgrade")) {
            return refused(
                    400, "websocket handshake without 'Connection: Upgrade'; does a proxy on the way remove it?");
        }
        if (!headers.first("sec-websocket-version").equals("13")) {
            return refused(426, "websocket version must be 13");
        }
        String key = headers.first("sec-websocket-key");
        if (!isKey(key)) {
            return refused(400, "Sec-WebSocket-Key must be 16 bytes in base64");
        }
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + Handshake.accept(key) + "\r\n\r\n";
        return new Accepted(head.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether a request asks for a websocket at all. */
    static boolean isAsked(Headers headers) {
        return headers.hasToken("upgrade", "websocket");
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Refused refused(int status, String sentence) {
        Answer answer = Answer.line(status, sentence);
        return new Refused(
                status == 426 ? answer.with("Upgrade", "websocket").with("Sec-WebSocket-Version", "13") : answer);
    }
}
