package dev.jetstream.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * {@code jetstream.http}: the public listener.
 *
 * @param listen address of the listener; port 0 picks a free one
 * @param backlog connections that may wait in the kernel to be accepted
 * @param maxConnections open connections; further ones get 503
 * @param maxConnectionsPerAddress open connections of one client address; further ones get 429; 0 for no limit
 * @param maxUpgradesPerSecond new streams per second of all clients; 0 for no limit
 * @param trustedProxies peers whose {@code X-Forwarded-For} is trusted
 * @param headTimeout a request's head must be complete within this time
 * @param maxHeadBytes maximum bytes of a request's head
 * @param idleTimeout an idle HTTP connection is closed after this time
 * @param shutdownTimeout how long a stop waits for close frames to be sent
 * @param defaultFormat format of events if a client requests none: {@code v1} or {@code v0}
 * @param exposeMetrics whether {@code /metrics} is served here, too
 * @param exposeConnections whether {@code /status} lists the subscribers with their addresses
 */
public record HttpConfig(
        InetSocketAddress listen,
        int backlog,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxUpgradesPerSecond,
        List<Cidr> trustedProxies,
        Duration headTimeout,
        int maxHeadBytes,
        Duration idleTimeout,
        Duration shutdownTimeout,
        String defaultFormat,
        boolean exposeMetrics,
        boolean exposeConnections) {

    public HttpConfig {
        trustedProxies = List.copyOf(trustedProxies);
        new Check("http")
                .range("backlog", backlog, 1, 65_535)
                .range("max-connections", maxConnections, 1, 1_000_000)
                .range("max-connections-per-address", maxConnectionsPerAddress, 0, 1_000_000)
                .range("max-upgrades-per-second", maxUpgradesPerSecond, 0, 1_000_000)
                .range("head-timeout", headTimeout, Duration.ofMillis(100), Duration.ofMinutes(10))
                .bytes("max-head-bytes", maxHeadBytes, 8 << 10, 16 << 20)
                .range("idle-timeout", idleTimeout, Duration.ofSeconds(1), Duration.ofHours(1))
                .range("shutdown-timeout", shutdownTimeout, Duration.ZERO, Duration.ofMinutes(5))
                .that(
                        defaultFormat.equals("v1") || defaultFormat.equals("v0"),
                        "default-format",
                        defaultFormat,
                        "must be v1 or v0")
                .done();
    }
}
