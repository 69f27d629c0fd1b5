package dev.jetstream.config;

import java.time.Duration;

/**
 * {@code jetstream.subscriber}: limits of one connection.
 *
 * @param pingInterval a connection idle for this long is pinged
 * @param stallTimeout a connection that accepts none of its pending bytes for this long is closed
 * @param closeTimeout how long the server waits for the client's close frame
 * @param maxWriteBytes maximum bytes of one write to a socket
 * @param maxMessageBytes maximum bytes of a client message
 * @param maxEventsPerSecond events per second for one client address; 0 for no limit
 * @param maxOptionsUpdatesPerSecond {@code options_update}s per second of one connection; 0 for no limit
 */
public record SubscriberConfig(
        Duration pingInterval,
        Duration stallTimeout,
        Duration closeTimeout,
        int maxWriteBytes,
        int maxMessageBytes,
        double maxEventsPerSecond,
        double maxOptionsUpdatesPerSecond) {

    public SubscriberConfig {
        new Check("subscriber")
                .range("ping-interval", pingInterval, Duration.ofMillis(100), Duration.ofHours(1))
                .range("stall-timeout", stallTimeout, Duration.ofMillis(100), Duration.ofDays(1))
                .range("close-timeout", closeTimeout, Duration.ZERO, Duration.ofMinutes(1))
                .bytes("max-write-bytes", maxWriteBytes, 4 << 10, 16 << 20)
                .bytes("max-message-bytes", maxMessageBytes, 1 << 10, 256 << 20)
                .that(isRate(maxEventsPerSecond), "max-events-per-second", maxEventsPerSecond, RATE)
                .that(
                        isRate(maxOptionsUpdatesPerSecond),
                        "max-options-updates-per-second",
                        maxOptionsUpdatesPerSecond,
                        RATE)
                .done();
    }

    private static final String RATE = "must be 0 (no limit), or from 0.001 to 1000000000000";

    private static boolean isRate(double perSecond) {
        return perSecond == 0 || (perSecond >= 0.001 && perSecond <= 1e12);
    }
}
