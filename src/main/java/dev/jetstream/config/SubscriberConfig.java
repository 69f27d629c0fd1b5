package dev.jetstream.config;

import java.time.Duration;

/**
 * {@code jetstream.subscriber}: what one connection may do and is sent.
 *
 * @param pingInterval a connection that was sent nothing for this long is pinged
 * @param stallTimeout a connection with unsent bytes that takes none for this long is ended
 * @param closeTimeout how long the server reads on after its close frame
 * @param maxWriteBytes most bytes of one write to a socket
 * @param maxMessageBytes largest client message
 * @param maxEventsPerSecond events per second and client address; 0: no limit
 * @param maxOptionsUpdatesPerSecond accepted {@code options_update}s of one connection; 0: no limit
 */
public record SubscriberConfig(
        Duration pingInterval,
        Duration stallTimeout,
        Duration closeTimeout,
        int maxWriteBytes,
        int maxMessageBytes,
        double maxEventsPerSecond,
        double maxOptionsUpdatesPerSecond) {

    /** @throws InvalidSettingsException if a value is out of range */
    public SubscriberConfig {
        new Check("jetstream.subscriber")
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
