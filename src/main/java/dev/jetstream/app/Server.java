package dev.jetstream.app;

import dev.jetstream.common.Text;
import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.JetstreamConfig;
import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.decode.DropReason;
import dev.jetstream.http.EndpointMetrics;
import dev.jetstream.http.HttpEndpoint;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.metrics.MetricsPage;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.subscriber.SubscriberMetrics;
import dev.jetstream.subscriber.Subscribers;
import dev.jetstream.upstream.RelaySession;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running server: makes, starts and stops all its parts. Any thread. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final String HTTP_LISTEN = "jetstream.http.listen (--listen-addr, JETSTREAM_LISTEN_ADDR)";
    private static final String METRICS_LISTEN =
            "jetstream.metrics.listen (--metrics-listen-addr, JETSTREAM_METRICS_LISTEN_ADDR)";

    private static final int ORDERLY = 0;
    private static final int FAILED = 1;
    private static final CompletionStage<Done> DONE = CompletableFuture.completedFuture(Done.getInstance());

    /** Longer than any phase of a stop: the phases' timeouts in pekko-overrides.conf decide. */
    private static final Duration MAX_STEP = Duration.ofSeconds(10);

    private static final Duration MAX_SPAWN = Duration.ofMinutes(1);

    /** For the end of the actor system and the release of the journal's lock. */
    private static final Duration MAX_RELEASE = Duration.ofSeconds(2);

    private final ActorSystem<Guardian.Command> system;
    private final CoordinatedShutdown shutdown;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(Server::timerThread);
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final Parts parts;

    private HttpEndpoint endpoint;
    private HttpEndpoint metricsEndpoint;

    private Server(ActorSystem<Guardian.Command> system, Parts parts) {
        this.system = system;
        this.parts = parts;
        shutdown = CoordinatedShutdown.get(system);
        onStop(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "log", () -> {
            LOG.info("stopping");
            return DONE;
        });
    }

    private static Thread timerThread(Runnable task) {
        Thread thread = new Thread(task, "jetstream-timer");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts everything; when it returns, both listeners are bound.
     *
     * @throws StartupException if a port is taken, or the data directory or the journal cannot be used
     */
    public static Server start(ConfigLoader.Loaded loaded) throws StartupException {
        return start(loaded, new Parts());
    }

    /**
     * As above, with the caller's wall clock.
     *
     * @param wallUs unix microseconds; may jump. Called by any thread
     */
    public static Server start(ConfigLoader.Loaded loaded, LongSupplier wallUs) throws StartupException {
        return start(loaded, new Parts() {
            @Override
            LongSupplier wallUs() {
                return wallUs;
            }
        });
    }

    /** Loading classes dominates a start, so parts are made side by side. */
    static Server start(ConfigLoader.Loaded loaded, Parts parts) throws StartupException {
        JetstreamConfig config = loaded.config();
        List<EventStream> streams = List.of(new V1Stream(
                ZstdDictionary.compressor(config.zstd()),
                V1Stream.Format.named(config.http().defaultFormat()).orElseThrow()));
        StartupException.checkFree(config.metrics().listen(), METRICS_LISTEN);
        StartupException.checkFree(config.http().listen(), HTTP_LISTEN);
        CompletableFuture<MetricsPage> page = CompletableFuture.supplyAsync(
                () -> MetricsPage.start(config.metrics().tickInterval(), Version.TEXT));
        Journal.Prepared prepared = Journal.prepare(config.journal());
        Server server = null;
        boolean started = false;
        try {
            server = new Server(
                    ActorSystem.create(
                            Guardian.create(),
                            "jetstream",
                            loaded.actorSystemConfig(JournalPluginConfig.of(config.journal()))),
                    parts);
            server.open(config, prepared, page, streams);
            started = true;
            return server;
        } finally {
            // Not a catch clause: Scala code throws undeclared checked exceptions.
            if (server == null) {
                prepared.release();
            } else if (!started) {
                server.close();
            }
        }
    }

    private void open(
            JetstreamConfig config,
            Journal.Prepared prepared,
            CompletableFuture<MetricsPage> metrics,
            List<EventStream> streams)
            throws StartupException {
        CompletableFuture<Journal> opening = prepared.open(system.classicSystem(), new JournalMetrics(), parts.wallUs())
                .toCompletableFuture();
        onStop(CoordinatedShutdown.PhaseActorSystemTerminate(), "finish", () -> {
            finishStop(opening);
            return DONE;
        });
        MetricsPage page = metrics.join();
        metricsEndpoint = StartupException.listen(
                config.metrics().listen(),
                METRICS_LISTEN,
                () -> HttpEndpoint.startMetrics(system, config.metrics().listen(), page::text));
        onStop(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "metrics-listener", metricsEndpoint::stop);
        RelaySession session = parts.session(config.upstream());
        SubscriberMetrics subscriberMetrics = new SubscriberMetrics();
        PipelineMetrics pipelineMetrics = new PipelineMetrics(
                DecodedFrames.TYPES,
                Arrays.stream(DropReason.values()).map(DropReason::label).toList());
        Journal journal = StartupException.await(opening);
        ActorRef<Subscribers.Command> subscribers = spawn(
                "subscribers",
                Subscribers.create(
                        config.subscriber(), parts.log(journal), subscriberMetrics, parts.wallUs(), System::nanoTime));
        Pipeline pipeline = new Pipeline(
                config,
                session,
                journal,
                pipelineMetrics,
                parts.decode(system, config),
                timer,
                parts.clockUs(),
                subscriberMetrics::connected);
        AtomicReference<String> ingestFailure = new AtomicReference<>("");
        ServerStatus status = new ServerStatus(
                config.upstream().livenessTtl(),
                session::state,
                journal::status,
                ingestFailure::get,
                parts.wallUs(),
                pipelineMetrics,
                subscriberMetrics,
                config.http().exposeConnections() ? Optional.of(subscriberMetrics::connections) : Optional.empty());
        endpoint = StartupException.listen(
                config.http().listen(),
                HTTP_LISTEN,
                () -> HttpEndpoint.start(
                        system,
                        config.http(),
                        config.subscriber(),
                        (socket, subscription) -> Subscribers.connect(subscribers, socket, subscription),
                        streams,
                        status,
                        new EndpointMetrics(),
                        page::text));
        closeClientsOnStop(status, subscribers);
        page.open();
        ActorRef<Ingest.Command> ingest = spawn(
                "ingest", Ingest.create(pipeline, journal, parts.restarts(), ingestFailure::set, system.narrow()));
        onStop(CoordinatedShutdown.PhaseServiceUnbind(), "ingest", () -> ask(ingest, Ingest.Stop::new, MAX_STEP));
        ClockWatch clock = new ClockWatch(
                parts.wallUs(), System::nanoTime, () -> journal.end().lastTimeUs());
        spawn("watch", Guardian.everySecond(() -> {
            status.sample();
            clock.look();
        }));
        journal.warm();
    }

    private <T> ActorRef<T> spawn(String name, Behavior<T> child) {
        CompletionStage<ActorRef<T>> spawned =
                ask(system, replyTo -> new Guardian.Start<>(name, child, replyTo), MAX_SPAWN);
        return spawned.toCompletableFuture().join();
    }

    private <T, A> CompletionStage<A> ask(ActorRef<T> actor, Function<ActorRef<A>, T> question, Duration timeout) {
        return AskPattern.ask(actor, question, timeout, system.scheduler());
    }

    private void onStop(String phase, String step, Supplier<CompletionStage<?>> task) {
        shutdown.addTask(phase, step, () -> task.get().thenApply(done -> Done.getInstance()));
    }

    /** The listener ends once its connections have, so one phase stops accepting and a later one closes the clients. */
    private void closeClientsOnStop(ServerStatus status, ActorRef<Subscribers.Command> subscribers) {
        CompletableFuture<Void> allGone = new CompletableFuture<>();
        onStop(CoordinatedShutdown.PhaseServiceUnbind(), "listener", () -> {
            status.stopping();
            endpoint.stop().thenAccept(allGone::complete);
            return DONE;
        });
        onStop(CoordinatedShutdown.PhaseServiceRequestsDone(), "clients", () -> {
            ask(subscribers, Subscribers.CloseAll::new, MAX_STEP);
            return allGone;
        });
    }

    /** Ends the stop once the actor system has terminated and the journal's lock is released, or either takes too long. */
    private void finishStop(CompletableFuture<Journal> opening) {
        CompletionStage<Done> released = system.getWhenTerminated()
                .thenCompose(terminated -> opening.handle((journal, failure) -> journal))
                .thenCompose(journal -> journal == null ? DONE : journal.released());
        released.toCompletableFuture()
                .orTimeout(MAX_RELEASE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, late) -> {
                    if (late != null) {
                        LOG.warn("the journal's lock was not released in time reason={}", Text.reason(late));
                    }
                    timer.shutdownNow();
                    LOG.info("stopped");
                    boolean failed = shutdown.getShutdownReason()
                            .filter(Guardian.StopReason.FAILED::equals)
                            .isPresent();
                    ended.complete(failed ? FAILED : ORDERLY);
                });
    }

    /** Where the public listener is bound. */
    public InetSocketAddress httpAddress() {
        return endpoint.address();
    }

    /** Where {@code /metrics} is bound. */
    public InetSocketAddress metricsAddress() {
        return metricsEndpoint.address();
    }

    /** From now on TERM and INT stop it in order. */
    public void stopOnSignals() {
        StopSignals.install(this::close);
    }

    /**
     * Waits for the end, which a signal or {@link #close()} brings.
     *
     * @return the process's exit code: 0 after an orderly stop, 1 after a failure
     */
    public int awaitTermination() {
        return ended.join();
    }

    /** The exit code, once all is stopped. */
    CompletionStage<Integer> ended() {
        return ended;
    }

    /**
     * Stops in order and waits for it: no new clients, no new frames, what was read is journaled, clients get 1012, the journal
     * is released.
     */
    @Override
    public void close() {
        shutdown.runAll(Guardian.StopReason.REQUESTED);
        ended.join();
    }
}
