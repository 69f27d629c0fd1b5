package dev.jetstream.relay;

import java.time.Duration;
import javax.net.ServerSocketFactory;

/**
 * The address and the limits of a {@link RelayServer}.
 *
 * @param host the address or name to bind, such as {@code 127.0.0.1} or {@code 0.0.0.0}
 * @param port 1 to 65535, or 0 for any free one
 * @param sockets makes the listening socket; an {@code SSLServerSocketFactory} makes it a {@code wss} relay
 * @param maxConnections concurrent connections; further ones are closed
 * @param sendTimeout a client that reads nothing for this long is disconnected
 */
public record RelayOptions(
        String host, int port, ServerSocketFactory sockets, int maxConnections, Duration sendTimeout) {
    private static final int MAX_PORT = 65_535;

    /** @throws IllegalArgumentException naming the option, its value and its range */
    public RelayOptions {
        if (host.isBlank()) {
            throw new IllegalArgumentException("host must be an address or a name, not empty");
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 0 (any free one) to " + MAX_PORT + ": " + port);
        }
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max connections must be at least 1: " + maxConnections);
        }
        if (sendTimeout.isNegative() || sendTimeout.isZero()) {
            throw new IllegalArgumentException("send timeout must be above 0: " + sendTimeout);
        }
    }

    /** Plain {@code ws}, 100 connections, a send timeout of a minute. */
    public static RelayOptions at(String host, int port) {
        return new RelayOptions(host, port, ServerSocketFactory.getDefault(), 100, Duration.ofMinutes(1));
    }

    /** Loopback, on any free port: for tests. */
    public static RelayOptions anyPort() {
        return at("127.0.0.1", 0);
    }

    public RelayOptions withSockets(ServerSocketFactory value) {
        return new RelayOptions(host, port, value, maxConnections, sendTimeout);
    }

    public RelayOptions withMaxConnections(int value) {
        return new RelayOptions(host, port, sockets, value, sendTimeout);
    }

    public RelayOptions withSendTimeout(Duration value) {
        return new RelayOptions(host, port, sockets, maxConnections, value);
    }
}
