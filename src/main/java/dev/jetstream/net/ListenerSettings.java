package dev.jetstream.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * Settings of a listener.
 *
 * @param name of its threads
 * @param address where it binds; port 0 picks a free one
 * @param backlog connections that the kernel holds before they are accepted
 * @param loops selector threads
 * @param maxConnections open connections; one more is refused
 * @param maxConnectionsPerAddress of one client address; 0: no limit
 * @param isProxy peers that forward for many clients and are not counted by their own address
 * @param headTimeout a request's head must be whole within this time
 * @param maxHeadBytes and within this many bytes
 * @param idleTimeout an HTTP connection without a request is closed after this much silence
 * @param lingerTimeout how long an ended connection is read on, so that its last answer is not lost to a TCP reset
 * @param maxMessageBytes largest websocket message of a client
 * @param maxHeldBytes of unfinished heads and messages over all connections
 */
public record ListenerSettings(
        String name,
        InetSocketAddress address,
        int backlog,
        int loops,
        int maxConnections,
        int maxConnectionsPerAddress,
        Predicate<InetAddress> isProxy,
        Duration headTimeout,
        int maxHeadBytes,
        Duration idleTimeout,
        Duration lingerTimeout,
        int maxMessageBytes,
        long maxHeldBytes) {}
