package dev.jetstream.http;

import dev.jetstream.net.RequestHead;
import dev.jetstream.websocket.Handshake;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** The server's side of the opening handshake (RFC 6455, section 4.2). */
final class WebSocketHandshake {
    private static final int KEY_BYTES = 16;

    private WebSocketHandshake() {}

    /** Whether a request asks for a websocket at all. */
    static boolean isAsked(RequestHead head) {
        return head.hasToken("upgrade", "websocket");
    }

    /** The answer to a request that is not a valid handshake; empty where it is one. */
    static Optional<Answer> refusal(RequestHead head) {
        if (!isAsked(head)) {
            return refusal(
                    426,
                    "this is a websocket stream: connect with a websocket client, or accept text/event-stream or"
                            + " application/x-ndjson");
        }
        if (head.version().equals("HTTP/1.0")) {
            return refusal(426, "a websocket handshake needs HTTP/1.1");
        }
        if (!head.hasToken("connection", "upgrade")) {
            return refusal(
                    400, "websocket handshake without 'Connection: Upgrade'; does a proxy on the way remove it?");
        }
        if (!head.first("sec-websocket-version").equals("13")) {
            return refusal(426, "websocket version must be 13");
        }
        return isKey(head.first("sec-websocket-key"))
                ? Optional.empty()
                : refusal(400, "Sec-WebSocket-Key must be 16 bytes in base64");
    }

    /** The whole 101 answer to a valid handshake; extensions and subprotocols that the client offers stay unanswered. */
    static byte[] acceptance(RequestHead head) {
        return ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: " + Handshake.accept(head.first("sec-websocket-key")) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<Answer> refusal(int status, String sentence) {
        Answer answer = Answer.line(status, sentence);
        return Optional.of(
                status == 426 ? answer.with("Upgrade", "websocket").with("Sec-WebSocket-Version", "13") : answer);
    }
}
