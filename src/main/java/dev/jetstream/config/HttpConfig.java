package dev.jetstream.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * {@code jetstream.http}: the public listener.
 *
 * @param listen where it binds; port 0 picks a free one
 * @param backlog connections that the kernel holds before they are accepted
 * @param maxConnections open connections; one more is answered 503
 * @param maxConnectionsPerAddress open connections of one client address; one more is answered 429; 0: no limit
 * @param maxUpgradesPerSecond new streams a second, over all clients; 0: no limit
 * @param trustedProxies peers whose {@code X-Forwarded-For} is believed; empty: nobody's
 * @param headTimeout a request's head must be whole within this time
 * @param maxHeadBytes and within this many bytes
 * @param idleTimeout plain HTTP connections are closed after this much silence
 * @param shutdownTimeout how long a stop waits for close frames to go out
 * @param defaultFormat shape of events where a client names none: {@code v1} or {@code v0}
 * @param exposeMetrics whether {@code /metrics} answers here too
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

    /** @throws InvalidSettingsException if a value is out of range */
    public HttpConfig {
        trustedProxies = List.copyOf(trustedProxies);
        new Check("jetstream.http")
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
