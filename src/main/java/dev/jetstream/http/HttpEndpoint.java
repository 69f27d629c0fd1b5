package dev.jetstream.http;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.jetstream.config.HttpConfig;
import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.net.Listener;
import dev.jetstream.net.ListenerMetrics;
import dev.jetstream.net.ListenerSettings;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.Subscription;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running listener: the public one, or that of the metrics. */
public final class HttpEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int MAX_LOOPS = 2;
    private static final int HELD_PART_OF_HEAP = 8;
    private static final long MIN_HELD_BYTES = 32L << 20;
    /** A few known scrapers; they are not counted with the public listener's clients. */
    private static final int METRICS_CONNECTIONS = 256;

    private static final int METRICS_HEAD_BYTES = 16 << 10;
    private static final Duration METRICS_HEAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration METRICS_IDLE_TIMEOUT = Duration.ofSeconds(75);
    private static final Duration METRICS_LINGER = Duration.ofSeconds(1);
    private static final Duration METRICS_SHUTDOWN = Duration.ofMillis(200);

    /** Open files for the journal, the relay, other listeners, and refused connections that are still closing. */
    private static final long RESERVED_FILES = 512;

    private static final long MIN_CONNECTIONS = 16;

    private final Listener listener;
    private final Duration shutdownTimeout;

    private HttpEndpoint(Listener listener, Duration shutdownTimeout) {
        this.listener = listener;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Binds, and begins to serve.
     *
     * @param subscribers makes a subscriber for an upgraded socket; called on the transport's threads
     * @param streams the event streams, each on its own path
     * @param metricsPage Prometheus text, shown only where the configuration says so
     * @throws IOException if the address cannot be bound
     */
    public static HttpEndpoint start(
            ActorSystem<?> system,
            HttpConfig http,
            SubscriberConfig subscriber,
            BiFunction<Socket, Subscription, Socket.Events> subscribers,
            List<EventStream> streams,
            Health health,
            EndpointMetrics metrics,
            Supplier<CompletionStage<String>> metricsPage)
            throws IOException {
        ClientAddress clients = new ClientAddress(http.trustedProxies());
        Routes routes = new Routes(
                streams,
                new StreamRoute(http, subscribers, clients, metrics),
                health,
                http.exposeMetrics() ? Optional.of(metricsPage) : Optional.empty(),
                metrics);
        Listener listener = Listener.start(
                settings(http, subscriber, clients), new PekkoHttp(system, routes, http.maxHeadBytes()), metrics);
        return new HttpEndpoint(listener, http.shutdownTimeout());
    }

    private static ListenerSettings settings(HttpConfig http, SubscriberConfig subscriber, ClientAddress clients) {
        return new ListenerSettings(
                "jetstream-http",
                http.listen(),
                http.backlog(),
                Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors()),
                maxConnections(http.maxConnections()),
                http.maxConnectionsPerAddress(),
                clients::isProxy,
                http.headTimeout(),
                http.maxHeadBytes(),
                http.idleTimeout(),
                subscriber.closeTimeout(),
                subscriber.maxMessageBytes(),
                Math.max(MIN_HELD_BYTES, Runtime.getRuntime().maxMemory() / HELD_PART_OF_HEAP));
    }

    /** The configured number of connections, or as many as the limit on open files allows, which is then logged. */
    private static int maxConnections(int configured) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return configured;
        }
        long limit = system.getMaxFileDescriptorCount();
        int allowed = maxConnections(configured, limit);
        if (allowed < configured) {
            LOG.info(
                    "fewer connections than configured: the limit on open files is low max_connections={} allowed={} limit={}"
                            + " (raise it: ulimit -n {}, or LimitNOFILE)",
                    configured,
                    allowed,
                    limit,
                    configured + RESERVED_FILES);
        }
        return allowed;
    }

    /**
     * A process whose sockets took the last file descriptor could not open the journal's files.
     *
     * @param limit on open files; negative where it is unknown
     */
    static int maxConnections(int configured, long limit) {
        return limit < 0 ? configured : (int) Math.min(configured, Math.max(MIN_CONNECTIONS, limit - RESERVED_FILES));
    }

    /**
     * Binds the listener of {@code /metrics}, and begins to serve. It is not counted among the public one's connections.
     *
     * @param listen where; port 0 picks a free one
     * @param page makes the page's text; where it fails, that is answered 500
     * @throws IOException if the address cannot be bound
     */
    public static HttpEndpoint startMetrics(
            ActorSystem<?> system, InetSocketAddress listen, Supplier<CompletionStage<String>> page)
            throws IOException {
        ListenerSettings settings = new ListenerSettings(
                "jetstream-metrics",
                listen,
                METRICS_CONNECTIONS,
                1,
                METRICS_CONNECTIONS,
                0,
                peer -> true,
                METRICS_HEAD_TIMEOUT,
                METRICS_HEAD_BYTES,
                METRICS_IDLE_TIMEOUT,
                METRICS_LINGER,
                0,
                (long) METRICS_CONNECTIONS * METRICS_HEAD_BYTES);
        PekkoHttp layer = new PekkoHttp(system, new MetricsRoute(page), METRICS_HEAD_BYTES);
        return new HttpEndpoint(Listener.start(settings, layer, ListenerMetrics.NONE), METRICS_SHUTDOWN);
    }

    /** Where it is bound. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Open connections, streams among them. */
    public int connections() {
        return listener.connections();
    }

    /**
     * Accepts no more, and waits until the open connections have come to their end, for the shutdown timeout at most: what is
     * left then is dropped. Subscribers end theirs themselves.
     *
     * @return completes when no connection is left
     */
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        listener.stop()
                .toCompletableFuture()
                .orTimeout(shutdownTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, timeout) -> {
                    if (timeout != null) {
                        LOG.warn("dropping connections that did not end in time open={}", listener.connections());
                    }
                    listener.close();
                    stopped.complete(null);
                });
        return stopped;
    }
}
