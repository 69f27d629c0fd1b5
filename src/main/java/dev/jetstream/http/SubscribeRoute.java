package dev.jetstream.http;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.config.HttpConfig;
import dev.jetstream.net.ListenerMetrics;
import dev.jetstream.net.Reply;
import dev.jetstream.net.Request;
import dev.jetstream.net.RequestHead;
import dev.jetstream.stream.Format;
import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Representations;
import dev.jetstream.subscriber.SubscribeRequest;
import dev.jetstream.subscriber.Subscribers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * {@code GET /subscribe}: from a request to a subscriber on its websocket, or in its answer's body. Errors in the query are
 * reported before those in the handshake.
 */
final class SubscribeRoute {
    static final String PATH = "/subscribe";

    private final Subscribers subscribers;
    private final Representations representations;
    private final Format defaultFormat;
    private final ClientAddress clients;
    private final TokenBucket upgrades;
    private final EndpointMetrics metrics;

    SubscribeRoute(
            HttpConfig config,
            Subscribers subscribers,
            Representations representations,
            ClientAddress clients,
            EndpointMetrics metrics) {
        this.subscribers = subscribers;
        this.representations = representations;
        this.clients = clients;
        this.metrics = metrics;
        defaultFormat = Format.named(config.defaultFormat()).orElseThrow();
        upgrades = new TokenBucket(config.maxUpgradesPerSecond(), config.maxUpgradesPerSecond(), System::nanoTime);
    }

    /** Answers, or takes the connection over. */
    Answer answer(Request request) {
        RequestHead head = request.head();
        SubscribeQuery query = SubscribeQuery.of(
                head, defaultFormat, representations, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        if (query instanceof SubscribeQuery.Bad bad) {
            return Answer.text(400, bad.text());
        }
        SubscribeQuery.Good good = (SubscribeQuery.Good) query;
        return good.stream()
                .map(stream -> body(request, good.request(), stream))
                .orElseGet(() -> WebSocketHandshake.refusal(head)
                        .orElseGet(() -> open(request, WebSocketHandshake.acceptance(head), true, good.request())));
    }

    /** A stream in the body of the answer. */
    private Answer body(Request request, SubscribeRequest wanted, HttpStream stream) {
        if (request.head().version().equals("HTTP/1.0")) {
            return Answer.line(
                    505, "a stream needs HTTP/1.1; does a proxy on the way speak 1.0 (nginx: proxy_http_version 1.1)?");
        }
        String type =
                switch (stream) {
                    case SERVER_SENT_EVENTS -> stream.mediaType() + "; charset=utf-8";
                    case NDJSON -> stream.mediaType();
                };
        // Caches and proxies are to hold nothing back, and the connection ends with the body.
        byte[] head = ("HTTP/1.1 200 OK\r\nServer: jetstream\r\nContent-Type: " + type
                        + "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\nCache-Control: no-store\r\n"
                        + "X-Accel-Buffering: no\r\nAccess-Control-Allow-Origin: *\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        if (request.head().method().equals("HEAD")) {
            metrics.answered(200);
            return Answer.takeover(new Reply.Answer(head, true));
        }
        return open(request, head, false, wanted);
    }

    /** Opens a stream unless there are too many. */
    private Answer open(Request request, byte[] head, boolean isWebSocket, SubscribeRequest wanted) {
        Optional<InetAddress> forwarded = clients.behind(request.peer(), request.head());
        if (forwarded.isPresent() && !request.claim(forwarded.get())) {
            metrics.refused(ListenerMetrics.Refused.BUSY_ADDRESS);
            return Answer.line(429, "too many connections from your address; close some first");
        }
        if (!upgrades.takeOne()) {
            metrics.refused(ListenerMetrics.Refused.UPGRADE_RATE);
            return Answer.line(503, "too many new streams at once; try again in a second")
                    .with("Retry-After", "1")
                    .closing();
        }
        metrics.upgraded();
        String client = forwarded.orElse(request.peer()).getHostAddress();
        return Answer.takeover(
                new Reply.Stream(head, isWebSocket, client, socket -> subscribers.subscribe(socket, wanted)));
    }
}
