package dev.jetstream.http;

import dev.jetstream.config.Cidr;
import dev.jetstream.config.HttpConfig;
import dev.jetstream.config.SubscriberConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** Settings of an endpoint in tests: roomy ones, of which a test changes what it is about. */
final class TestSettings {
    int port = 0;
    int maxConnections = 5_000;
    int maxConnectionsPerAddress = 0;
    int maxUpgradesPerSecond = 0;
    List<Cidr> trustedProxies = List.of();
    Duration headTimeout = Duration.ofSeconds(30);
    int maxHeadBytes = (1 << 20) + (64 << 10);
    Duration idleTimeout = Duration.ofSeconds(30);
    Duration shutdownTimeout = Duration.ofSeconds(5);
    Duration closeTimeout = Duration.ofSeconds(5);
    int maxMessageBytes = 10_000_000;
    boolean exposeMetrics = false;

    HttpConfig http() {
        return new HttpConfig(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                4_096,
                maxConnections,
                maxConnectionsPerAddress,
                maxUpgradesPerSecond,
                trustedProxies,
                headTimeout,
                maxHeadBytes,
                idleTimeout,
                shutdownTimeout,
                "v1",
                exposeMetrics,
                false);
    }

    SubscriberConfig subscriber() {
        return new SubscriberConfig(
                Duration.ofSeconds(10), Duration.ofSeconds(60), closeTimeout, 64 << 10, maxMessageBytes, 0, 0);
    }
}
