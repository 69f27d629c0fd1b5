package dev.jetstream.app;

import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.JetstreamConfig;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.http.EndpointMetrics;
import dev.jetstream.http.HttpEndpoint;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.JournalMetrics;
import dev.jetstream.journal.JournalPluginConfig;
import dev.jetstream.live.LiveHub;
import dev.jetstream.metrics.MetricsPage;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.Representations;
import dev.jetstream.subscriber.SubscriberMetrics;
import dev.jetstream.subscriber.SubscriberService;
import dev.jetstream.upstream.RelaySession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: the pipeline, its listeners, and their end. Any thread may call. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** What each step of a stop may take; all of them together stay below the 10 s that orchestrators wait. */
    private static final Duration INGEST_STOP = Duration.ofSeconds(2);

    private static final Duration CLIENTS_STOP = Duration.ofSeconds(4);
    private static final Duration JOURNAL_STOP = Duration.ofSeconds(2);
    private static final Duration SYSTEM_STOP = Duration.ofSeconds(2);

    private static final int ORDERLY = 0;
    private static final int FAILED = 1;

    private final ActorSystem<Void> system;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Server::timerThread);
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Parts parts;
    private volatile int exitCode = ORDERLY;

    private Journal journal;
    private Ingest ingest;
    private ServerHealth health;
    private SubscriberService subscribers;
    private HttpEndpoint endpoint;
    private HttpEndpoint metricsEndpoint;

    private Server(ActorSystem<Void> system, Parts parts) {
        this.system = system;
        this.parts = parts;
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "jetstream-timer");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts everything; when it returns, both listeners are bound.
     *
     * @throws StartupException if the port is taken, the data directory of no use, or the journal locked or too new
     */
    public static Server start(ConfigLoader.Loaded loaded) throws StartupException {
        return start(loaded, new Parts());
    }

    /**
     * As above, by a wall clock of the caller's.
     *
     * @param wallUs unix microseconds, of 16 digits; may jump. Called by any thread
     */
    public static Server start(ConfigLoader.Loaded loaded, LongSupplier wallUs) throws StartupException {
        return start(loaded, new Parts() {
            @Override
            LongSupplier wallUs() {
                return wallUs;
            }
        });
    }

    static Server start(ConfigLoader.Loaded loaded, Parts parts) throws StartupException {
        JetstreamConfig config = loaded.config();
        // What takes long at a start is the loading of classes: the parts load theirs side by side.
        MessageCompressor compressor = Dictionaries.compressor(config.zstd());
        CompletableFuture<MetricsPage> page = CompletableFuture.supplyAsync(
                () -> MetricsPage.start(config.metrics().tickInterval(), Version.TEXT));
        Journal.Prepared prepared = Journal.prepare(config.journal());
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.empty(), "jetstream", loaded.actorSystemConfig(JournalPluginConfig.of(config.journal())));
        Server server = new Server(system, parts);
        try {
            server.open(config, prepared, page, new Representations(compressor));
            return server;
        } catch (StartupException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void open(
            JetstreamConfig config,
            Journal.Prepared prepared,
            CompletableFuture<MetricsPage> metrics,
            Representations forms)
            throws StartupException {
        CompletionStage<Journal> opening = prepared.open(system, new JournalMetrics(), parts.wallUs());
        MetricsPage page = metrics.join();
        metricsEndpoint = Startup.listen(
                config.metrics().listen(),
                "jetstream.metrics.listen (--metrics-listen-addr, JETSTREAM_METRICS_LISTEN_ADDR)",
                () -> HttpEndpoint.startMetrics(system, config.metrics().listen(), page::text));
        RelaySession session = parts.session(config.upstream());
        LiveHub hub = parts.hub(system, config.broadcast());
        hub.ended().whenComplete((done, cause) -> fail("the live hub ended: " + cause));
        SubscriberMetrics subscriberMetrics = new SubscriberMetrics();
        PipelineMetrics pipelineMetrics = new PipelineMetrics(
                DecodedFrames.TYPES,
                Arrays.stream(DropReason.values()).map(DropReason::label).toList());
        journal = Startup.await(opening);
        subscribers = new SubscriberService(
                system,
                config.subscriber(),
                parts.log(journal),
                hub,
                subscriberMetrics,
                parts.wallUs(),
                System::nanoTime);
        Pipeline pipeline = new Pipeline(
                config,
                session,
                journal,
                hub,
                pipelineMetrics,
                parts.decode(system, config.decode()),
                timer,
                parts.clockUs(),
                subscribers::count);
        ingest = new Ingest(system, pipeline, journal, session, timer, parts.restarts(), this::fail);
        health = new ServerHealth(
                session::state,
                journal::status,
                ingest::failure,
                config.upstream().livenessTtl());
        ServerStatus status = new ServerStatus(
                Version.TEXT,
                session::state,
                journal::status,
                health,
                pipelineMetrics,
                subscriberMetrics,
                config.http().exposeConnections() ? Optional.of(subscribers::connections) : Optional.empty());
        status.start(timer);
        new ClockWatch(parts.wallUs(), System::nanoTime, () -> journal.state().lastTimeUs(), new ClockMetrics())
                .start(timer);

        endpoint = Startup.listen(
                config.http().listen(),
                "jetstream.http.listen (--listen-addr, JETSTREAM_LISTEN_ADDR)",
                () -> HttpEndpoint.start(
                        system,
                        config.http(),
                        config.subscriber(),
                        subscribers,
                        forms,
                        health,
                        status,
                        new EndpointMetrics(),
                        page::text));
        page.open();
        ingest.start();
        journal.warm();
    }

    /** Where the public listener is bound. */
    public InetSocketAddress httpAddress() {
        return endpoint.address();
    }

    /** Where {@code /metrics} is bound. */
    public InetSocketAddress metricsAddress() {
        return metricsEndpoint.address();
    }

    /** From now on TERM and INT stop it in order. To be called before anybody is told that it runs. */
    public void stopOnSignals() {
        StopSignals.install(this::close);
    }

    /**
     * Waits for the end, which a signal or {@link #close()} brings.
     *
     * @return the process's exit code: 0 after an orderly stop, 1 where a fault that came back again and again brought the end
     */
    public int awaitTermination() {
        return ended.join();
    }

    /** The exit code, once all is stopped. */
    CompletionStage<Integer> ended() {
        return ended;
    }

    /**
     * Ends in order, with an exit code that says so: whoever runs the process may start it anew. To go on would be half alive.
     */
    private void fail(String reason) {
        if (!closing.get()) {
            exitCode = FAILED;
            LOG.error("the server cannot go on and ends reason={}", reason);
            new Thread(this::close, "stop").start();
        }
    }

    /**
     * Stops in order, and returns when all is stopped: no new clients, no new frames, what was read is journaled, clients get
     * 1001, the journal is released.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            ended.join();
            return;
        }
        LOG.info("stopping");
        Shutdown steps = new Shutdown();
        if (health != null) {
            health.stopping();
        }
        CompletableFuture<Void> listener = endpoint == null
                ? CompletableFuture.completedFuture(null)
                : endpoint.stop().toCompletableFuture();
        if (ingest != null) {
            steps.await("ingest", ingest.stop(), INGEST_STOP);
        }
        if (subscribers != null) {
            subscribers.closeAll();
            steps.await("clients", listener, CLIENTS_STOP);
        }
        if (journal != null) {
            steps.await("journal", journal.close(), JOURNAL_STOP);
        }
        if (metricsEndpoint != null) {
            steps.await("metrics", metricsEndpoint.stop(), Duration.ofMillis(500));
        }
        system.terminate();
        steps.await("actor system", system.getWhenTerminated(), SYSTEM_STOP);
        if (journal != null) {
            steps.await("journal's lock", journal.released(), JOURNAL_STOP);
        }
        timer.shutdownNow();
        LOG.info("stopped");
        ended.complete(exitCode);
    }
}
