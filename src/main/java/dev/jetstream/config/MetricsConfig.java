package dev.jetstream.config;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * {@code jetstream.metrics}: the Prometheus page.
 *
 * @param listen where {@code /metrics} binds; port 0 picks a free one
 * @param tickInterval how often the figures of the page move on; at most 2 s
 */
public record MetricsConfig(InetSocketAddress listen, Duration tickInterval) {
    /** @throws InvalidSettingsException if a value is out of range */
    public MetricsConfig {
        new Check("jetstream.metrics")
                .range("tick-interval", tickInterval, Duration.ofMillis(100), Duration.ofSeconds(2))
                .done();
    }
}
