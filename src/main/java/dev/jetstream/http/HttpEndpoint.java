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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running listener: the public one, or that of the metrics. */
public final class HttpEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final String DISPATCHER = "pekko.actor.message-dispatcher";
    private static final String METRICS_FORMAT = "text/plain; version=0.0.4; charset=UTF-8";
    private static final int MAX_LOOPS = 2;
    private static final int HELD_PART_OF_HEAP = 8;
    private static final long MIN_HELD_BYTES = 32L << 20;

    /** File descriptors for the journal, the relay, other listeners, and refused connections that still linger. */
    private static final long RESERVED_DESCRIPTORS = 512;

    private static final long MIN_CONNECTIONS = 16;

    /** Scrapers are known and few. */
    private static final int METRICS_CONNECTIONS = 256;

    private static final int METRICS_HEAD_BYTES = 16 << 10;
    private static final Duration METRICS_HEAD_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration METRICS_IDLE_TIMEOUT = Duration.ofSeconds(75);
    private static final Duration METRICS_LINGER = Duration.ofSeconds(1);
    private static final Duration METRICS_SHUTDOWN = Duration.ofMillis(200);

    private final Listener listener;
    private final Duration shutdownTimeout;

    private HttpEndpoint(Listener listener, Duration shutdownTimeout) {
        this.listener = listener;
        this.shutdownTimeout = shutdownTimeout;
    }

    /**
     * Binds the public listener and starts to serve.
     *
     * @param subscribers makes a subscriber for an upgraded socket; called on the transport's threads
     * @param streams the event streams, each on its own path
     * @param metricsPage Prometheus text, served here only where the configuration says so
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
        StreamRoute route = new StreamRoute(http, subscribers, clients, metrics);
        Page page = new Page();
        String paths = streams.stream().map(EventStream::path).collect(Collectors.joining(", "));
        Routes routes = new Routes(executor(system), "not found; the stream is at " + paths, metrics::answered)
                .add("/", request -> page.welcome(request.head()).now())
                .add("/favicon.ico", request -> page.icon(request.head()).now())
                .add(Page.ASSETS, request -> page.asset(request.head()).now())
                .add("/healthz", request -> report(health.live()))
                .add("/readyz", request -> report(health.ready()))
                .add("/status", request -> new Answer(200, "application/json", utf8(health.json()))
                        .with("Cache-Control", "no-store")
                        .now());
        streams.forEach(stream -> routes.add(
                stream.path(), request -> route.answer(stream, request).now()));
        if (http.exposeMetrics()) {
            routes.add("/metrics", request -> metricsPage.get().thenApply(HttpEndpoint::metrics));
        }
        ListenerSettings settings = new ListenerSettings(
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
        return new HttpEndpoint(Listener.start(settings, routes, metrics), http.shutdownTimeout());
    }

    /**
     * Binds the listener of {@code /metrics} and starts to serve. It is not counted among the public one's connections.
     *
     * @param listen port 0 picks a free one
     * @param page makes the Prometheus text; a failure is answered 500
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
        String pointer = "The metrics are at /metrics";
        Routes routes = new Routes(executor(system), pointer, status -> {})
                .add("/", request -> Answer.line(200, pointer).now())
                .add("/metrics", request -> page.get().thenApply(HttpEndpoint::metrics));
        return new HttpEndpoint(Listener.start(settings, routes, ListenerMetrics.NONE), METRICS_SHUTDOWN);
    }

    private static Executor executor(ActorSystem<?> system) {
        return system.dispatchers().lookup(DispatcherSelector.fromConfig(DISPATCHER));
    }

    private static CompletionStage<Answer> report(Health.Report report) {
        return Answer.line(report.isGood() ? 200 : 503, report.text()).now();
    }

    private static Answer metrics(String page) {
        return new Answer(200, METRICS_FORMAT, utf8(page));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The configured limit, or fewer where the limit on open files is low: sockets must leave descriptors for the journal. */
    private static int maxConnections(int configured) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean process)) {
            return configured;
        }
        long limit = process.getMaxFileDescriptorCount();
        int bounded = maxConnections(configured, limit);
        if (bounded < configured) {
            LOG.info(
                    "fewer connections than configured: the limit on open files is low max_connections={} served={} limit={}"
                            + " (raise it: ulimit -n {}, or LimitNOFILE)",
                    configured,
                    bounded,
                    limit,
                    configured + RESERVED_DESCRIPTORS);
        }
        return bounded;
    }

    /** @param limit on open files; negative: unknown */
    static int maxConnections(int configured, long limit) {
        return limit < 0
                ? configured
                : (int) Math.min(configured, Math.max(MIN_CONNECTIONS, limit - RESERVED_DESCRIPTORS));
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
     * Accepts no more, waits until the open connections have ended, and drops those left after the shutdown timeout. Subscribers
     * end theirs themselves.
     *
     * @return completes when no connection is left; never fails
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
