package dev.jetstream.http;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.config.HttpConfig;
import dev.jetstream.net.ListenerMetrics;
import dev.jetstream.stream.Format;
import dev.jetstream.stream.HttpStream;
import dev.jetstream.stream.Representations;
import dev.jetstream.subscriber.SubscribeRequest;
import dev.jetstream.subscriber.Subscribers;
import java.net.InetAddress;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * {@code GET /subscribe}: from a request to a subscriber on its websocket, or in its answer's body. What is wrong with the query
 * is said first.
 */
final class SubscribeRoute {
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

    /** Answers, or takes the connection over: then there is no answer. */
    Optional<Answer> answer(HttpRequest request, Exchange exchange) {
        Headers headers = new Headers(exchange.head());
        SubscribeQuery query = SubscribeQuery.of(
                exchange.head().target(),
                headers,
                defaultFormat,
                representations,
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        if (query instanceof SubscribeQuery.Bad bad) {
            return Optional.of(Answer.text(400, bad.text()));
        }
        SubscribeQuery.Good good = (SubscribeQuery.Good) query;
        return good.stream().isPresent()
                ? stream(request, exchange, good.request(), good.stream().get())
                : webSocket(request, exchange, good.request());
    }

    private Optional<Answer> webSocket(HttpRequest request, Exchange exchange, SubscribeRequest wanted) {
        WebSocketHandshake handshake = WebSocketHandshake.of(request, new Headers(exchange.head()));
        if (handshake instanceof WebSocketHandshake.Refused refused) {
            return Optional.of(refused.answer());
        }
        byte[] head = ((WebSocketHandshake.Accepted) handshake).head();
        return admit(exchange, client -> exchange.connection()
                .upgrade(head, client, socket -> subscribers.subscribe(socket, wanted)));
    }

    private Optional<Answer> stream(
            HttpRequest request, Exchange exchange, SubscribeRequest wanted, HttpStream stream) {
        StreamAnswer answer = StreamAnswer.of(request, stream);
        if (answer instanceof StreamAnswer.Refused refused) {
            return Optional.of(refused.answer());
        }
        byte[] head = ((StreamAnswer.Accepted) answer).head();
        if (request.method().equals(HttpMethods.HEAD)) {
            metrics.answered(200);
            exchange.connection().sendLast(head);
            return Optional.empty();
        }
        return admit(
                exchange,
                client -> exchange.connection().stream(head, client, socket -> subscribers.subscribe(socket, wanted)));
    }

    /**
     * Opens a stream unless there are too many.
     *
     * @param open takes the connection over, for a client of this address
     */
    private Optional<Answer> admit(Exchange exchange, Consumer<String> open) {
        Headers headers = new Headers(exchange.head());
        Optional<InetAddress> behindProxy = clients.behind(exchange.connection().peer(), headers);
        if (behindProxy.isPresent() && !exchange.connection().claim(behindProxy.get())) {
            metrics.refused(ListenerMetrics.Refused.BUSY_ADDRESS);
            return Optional.of(Answer.line(429, "too many connections from your address; close some first"));
        }
        if (!upgrades.takeOne()) {
            metrics.refused(ListenerMetrics.Refused.UPGRADE_RATE);
            return Optional.of(Answer.line(503, "too many new streams at once; try again in a second")
                    .with("Retry-After", "1")
                    .closing());
        }
        metrics.upgraded();
        open.accept(behindProxy.orElse(exchange.connection().peer()).getHostAddress());
        return Optional.empty();
    }
}
