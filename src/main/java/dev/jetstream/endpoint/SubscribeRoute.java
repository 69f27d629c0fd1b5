package dev.jetstream.endpoint;

import dev.jetstream.config.HttpConfig;
import dev.jetstream.event.Format;
import dev.jetstream.event.Representations;
import dev.jetstream.metrics.EndpointMetrics;
import dev.jetstream.subscriber.SubscribeRequest;
import dev.jetstream.subscriber.Subscribers;
import java.net.InetAddress;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** {@code GET /subscribe}: from a request to a subscriber on its socket. What is wrong with the query is said first. */
final class SubscribeRoute {
    private final Subscribers subscribers;
    private final Representations representations;
    private final Format defaultFormat;
    private final ClientAddress clients;
    private final UpgradeRate rate;
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
        rate = new UpgradeRate(config.maxUpgradesPerSecond(), System::nanoTime);
    }

    /** Answers, or takes the connection over: then there is no answer. */
    Optional<Answer> answer(HttpRequest request, Exchange exchange) {
        Headers headers = new Headers(exchange.head());
        boolean asksZstd = headers.all("socket-encoding").stream().anyMatch(value -> value.contains("zstd"));
        SubscribeQuery query = SubscribeQuery.of(exchange.head().target(), asksZstd, defaultFormat, representations);
        if (query instanceof SubscribeQuery.Bad bad) {
            return Optional.of(Answer.text(400, bad.text()));
        }
        WebSocketHandshake handshake = WebSocketHandshake.of(request, headers);
        if (handshake instanceof WebSocketHandshake.Refused refused) {
            return Optional.of(refused.answer());
        }
        Optional<InetAddress> behindProxy = clients.behind(exchange.connection().peer(), headers);
        if (behindProxy.isPresent() && !exchange.connection().claim(behindProxy.get())) {
            metrics.refused(EndpointMetrics.Refused.BUSY_ADDRESS);
            return Optional.of(Answer.line(429, "too many connections from your address; close some first"));
        }
        if (!rate.allowsOne()) {
            metrics.refused(EndpointMetrics.Refused.UPGRADE_RATE);
            return Optional.of(Answer.line(503, "too many new streams at once; try again in a second")
                    .with("Retry-After", "1")
                    .closing());
        }
        InetAddress client = behindProxy.orElse(exchange.connection().peer());
        upgrade(
                exchange,
                ((WebSocketHandshake.Accepted) handshake).head(),
                client,
                ((SubscribeQuery.Good) query).request());
        return Optional.empty();
    }

    private void upgrade(Exchange exchange, byte[] head, InetAddress client, SubscribeRequest request) {
        metrics.upgraded();
        exchange.connection().upgrade(head, client.getHostAddress(), socket -> subscribers.subscribe(socket, request));
    }
}
