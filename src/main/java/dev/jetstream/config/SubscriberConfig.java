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
 */
public record SubscriberConfig(
        Duration pingInterval,
        Duration stallTimeout,
        Duration closeTimeout,
        int maxWriteBytes,
        int maxMessageBytes,
        double maxEventsPerSecond) {}
