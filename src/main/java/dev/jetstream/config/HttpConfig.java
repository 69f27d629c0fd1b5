package dev.jetstream.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * {@code jetstream.http}: the public listener.
 *
 * @param listen where it binds; port 0 picks a free one
 * @param backlog connections that the kernel holds before they are accepted
 * @param maxConnections open connections; one more is answered 503
 * @param headTimeout a request's head must be whole within this time
 * @param maxHeadBytes and within this many bytes
 * @param idleTimeout plain HTTP connections are closed after this much silence
 * @param shutdownTimeout how long a stop waits for close frames to go out
 * @param defaultFormat shape of events where a client names none: {@code v1} or {@code v0}
 * @param exposeMetrics whether {@code /metrics} answers here too
 */
public record HttpConfig(
        InetSocketAddress listen,
        int backlog,
        int maxConnections,
        Duration headTimeout,
        int maxHeadBytes,
        Duration idleTimeout,
        Duration shutdownTimeout,
        String defaultFormat,
        boolean exposeMetrics) {}
