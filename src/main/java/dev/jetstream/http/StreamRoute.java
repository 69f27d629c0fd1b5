package dev.jetstream.http;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.config.HttpConfig;
import dev.jetstream.net.Refusal;
import dev.jetstream.net.Request;
import dev.jetstream.net.RequestHead;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Subscription;
import dev.jetstream.websocket.Handshake;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Routes of event streams: from a request to a subscriber on its websocket, or in the body of the response. Errors in the query are
 * reported before those in the handshake.
 */
final class StreamRoute {
    private static final int KEY_BYTES = 16;

    private final BiFunction<Socket, Subscription, Socket.Events> subscribers;
    private final ClientAddress clients;
    private final TokenBucket upgrades;
    private final EndpointMetrics metrics;

    /** @param subscribers makes a subscriber for an upgraded socket */
    StreamRoute(
            HttpConfig config,
            BiFunction<Socket, Subscription, Socket.Events> subscribers,
            ClientAddress clients,
            EndpointMetrics metrics) {
        this.subscribers = subscribers;
        this.clients = clients;
        this.metrics = metrics;
        upgrades = new TokenBucket(config.maxUpgradesPerSecond(), config.maxUpgradesPerSecond(), System::nanoTime);
    }

    /** Answers, or takes the connection over. */
    Answer answer(EventStream stream, Request request) {
        RequestHead head = request.head();
        long nowUs = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        EventStream.Answer answer =
                stream.read(new EventStream.Request(head.target(), head::all, isHandshake(head)), nowUs);
        if (answer instanceof EventStream.Refusal refusal) {
            return Answer.text(refusal.status(), refusal.text());
        }
        Subscription subscription = (Subscription) answer;
        return subscription
                .encoding()
                .body()
                .map(body -> body(request, subscription, body))
                .orElseGet(() -> refusal(head).orElseGet(() -> open(request, acceptance(head), true, subscription)));
    }

    /** A stream in the body of the response. */
    private Answer body(Request request, Subscription subscription, HttpStream stream) {
        if (request.head().version().equals("HTTP/1.0")) {
            return Answer.line(
                    505, "a stream needs HTTP/1.1; does a proxy on the way speak 1.0 (nginx: proxy_http_version 1.1)?");
        }
        // Caches and proxies must not hold anything back, and the connection ends with the body.
        byte[] head = ("HTTP/1.1 200 OK\r\nServer: jetstream\r\nContent-Type: " + stream.contentType()
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nCache-Control: no-store\r\n"
                        + "X-Accel-Buffering: no\r\nAccess-Control-Allow-Origin: *\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        if (request.head().method().equals("HEAD")) {
            metrics.answered(200);
            return Answer.takeover(new Request.Response(head, true));
        }
        return open(request, head, false, subscription);
    }

    /** Opens a stream unless there are too many. */
    private Answer open(Request request, byte[] head, boolean isWebSocket, Subscription subscription) {
        Optional<InetAddress> forwarded = clients.behind(request.peer(), request.head());
        if (forwarded.isPresent() && !request.claim(forwarded.get())) {
            metrics.refused(Refusal.BUSY_ADDRESS);
            return Answer.line(429, "too many connections from your address; close some first");
        }
        if (!upgrades.takeOne()) {
            metrics.refused(Refusal.UPGRADE_RATE);
            return Answer.line(503, "too many new streams at once; try again in a second")
                    .with("Retry-After", "1")
                    .closing();
        }
        metrics.upgraded();
        String client = forwarded.orElse(request.peer()).getHostAddress();
        return Answer.takeover(
                new Request.Stream(head, isWebSocket, client, socket -> subscribers.apply(socket, subscription)));
    }

    /** Whether a request asks for a websocket at all. */
    static boolean isHandshake(RequestHead head) {
        return head.hasToken("upgrade", "websocket");
    }

    /** The response to a request that is not a valid handshake (RFC 6455, section 4.2); empty where it is one. */
    private static Optional<Answer> refusal(RequestHead head) {
        if (!isHandshake(head)) {
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

    /** The 101 response to a valid handshake; extensions and subprotocols that the client offers stay unanswered. */
    private static byte[] acceptance(RequestHead head) {
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
