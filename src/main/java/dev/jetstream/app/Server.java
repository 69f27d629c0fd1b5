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
import dev.jetstream.live.LiveHub;
import dev.jetstream.metrics.MetricsPage;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.subscriber.SubscriberMetrics;
import dev.jetstream.subscriber.SubscriberService;
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

/** A running server: the pipeline, its listeners, and their end. Any thread may call. */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private static final String HTTP_LISTEN = "jetstream.http.listen (--listen-addr, JETSTREAM_LISTEN_ADDR)";
    private static final String METRICS_LISTEN =
            "jetstream.metrics.listen (--metrics-listen-addr, JETSTREAM_METRICS_LISTEN_ADDR)";

    private static final int ORDERLY = 0;
    private static final int FAILED = 1;

    /** Longer than any phase of a stop: the phases' timeouts in pekko-overrides.conf decide. */
    private static final Duration STEP = Duration.ofSeconds(10);

    private static final Duration START = Duration.ofMinutes(1);

    /** For the actor system's end and the release of the journal's lock. */
    private static final Duration RELEASE = Duration.ofSeconds(2);

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
            return CompletableFuture.completedFuture(Done.getInstance());
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
        List<EventStream> streams = List.of(new V1Stream(
                Dictionaries.compressor(config.zstd()),
                V1Stream.Format.named(config.http().defaultFormat()).orElseThrow()));
        CompletableFuture<MetricsPage> page = CompletableFuture.supplyAsync(
                () -> MetricsPage.start(config.metrics().tickInterval(), Version.TEXT));
        Startup.checkFree(config.metrics().listen(), METRICS_LISTEN);
        Startup.checkFree(config.http().listen(), HTTP_LISTEN);
        Journal.Prepared prepared = Journal.prepare(config.journal());
        ActorSystem<Guardian.Command> system = null;
        try {
            system = ActorSystem.create(
                    Guardian.create(), "jetstream", loaded.actorSystemConfig(JournalPluginConfig.of(config.journal())));
        } finally {
            // Not a catch: Scala throws checked exceptions, too.
            if (system == null) {
                prepared.release();
            }
        }
        Server server = new Server(system, parts);
        try {
            server.open(config, prepared, page, streams);
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
            List<EventStream> streams)
            throws StartupException {
        CompletableFuture<Journal> opening = prepared.open(system.classicSystem(), new JournalMetrics(), parts.wallUs())
                .toCompletableFuture();
        onStop(CoordinatedShutdown.PhaseActorSystemTerminate(), "finish", () -> {
            finishStop(opening);
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        MetricsPage page = metrics.join();
        metricsEndpoint = Startup.listen(
                config.metrics().listen(),
                METRICS_LISTEN,
                () -> HttpEndpoint.startMetrics(system, config.metrics().listen(), page::text));
        onStop(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "metrics-listener", metricsEndpoint::stop);
        RelaySession session = parts.session(config.upstream());
        LiveHub hub = parts.hub(system, config.broadcast());
        hub.ended().whenComplete((done, cause) -> system.tell(new Guardian.Failed("the live hub ended: " + cause)));
        SubscriberMetrics subscriberMetrics = new SubscriberMetrics();
        PipelineMetrics pipelineMetrics = new PipelineMetrics(
                DecodedFrames.TYPES,
                Arrays.stream(DropReason.values()).map(DropReason::label).toList());
        Journal journal = Startup.await(opening);
        SubscriberService subscribers = SubscriberService.start(
                behavior -> spawn("subscribers", behavior),
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
        Ingest.Failure ingestFailure = new Ingest.Failure();
        ServerHealth health = new ServerHealth(
                session::state,
                journal::status,
                ingestFailure::reason,
                config.upstream().livenessTtl());
        ServerStatus status = new ServerStatus(
                Version.TEXT,
                session::state,
                journal::status,
                health,
                pipelineMetrics,
                subscriberMetrics,
                config.http().exposeConnections() ? Optional.of(subscribers::connections) : Optional.empty());
        ClockWatch clock = new ClockWatch(
                parts.wallUs(), System::nanoTime, () -> journal.end().lastTimeUs(), new ClockMetrics());

        endpoint = Startup.listen(
                config.http().listen(),
                HTTP_LISTEN,
                () -> HttpEndpoint.start(
                        system,
                        config.http(),
                        config.subscriber(),
                        subscribers,
                        streams,
                        health,
                        status,
                        new EndpointMetrics(),
                        page::text));
        stopClients(health, subscribers);
        page.open();
        ActorRef<Ingest.Command> ingest = spawn(
                "ingest",
                Ingest.create(
                        new Ingest.Settings(pipeline, journal, parts.restarts(), ingestFailure, system.narrow())));
        onStop(CoordinatedShutdown.PhaseServiceUnbind(), "ingest", () -> ask(ingest, Ingest.Stop::new, STEP));
        spawn("watch", Watch.create(() -> {
            status.sample();
            clock.look();
        }));
        journal.warm();
    }

    private <T> ActorRef<T> spawn(String name, Behavior<T> child) {
        CompletionStage<ActorRef<T>> spawned =
                ask(system, replyTo -> new Guardian.Start<>(name, child, replyTo), START);
        return spawned.toCompletableFuture().join();
    }

    private <T, A> CompletionStage<A> ask(ActorRef<T> actor, Function<ActorRef<A>, T> question, Duration timeout) {
        return AskPattern.ask(actor, question, timeout, system.scheduler());
    }

    private void onStop(String phase, String step, Supplier<CompletionStage<?>> task) {
        shutdown.addTask(phase, step, () -> task.get().thenApply(done -> Done.getInstance()));
    }

    /** The listener waits for open connections, which the subscribers end: so it is only told to stop at first. */
    private void stopClients(ServerHealth health, SubscriberService subscribers) {
        CompletableFuture<Void> allGone = new CompletableFuture<>();
        onStop(CoordinatedShutdown.PhaseServiceUnbind(), "listener", () -> {
            health.stopping();
            endpoint.stop().thenAccept(allGone::complete);
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        onStop(CoordinatedShutdown.PhaseServiceRequestsDone(), "clients", () -> {
            subscribers.closeAll(STEP, system.scheduler());
            return allGone;
        });
    }

    /** Ends the stop once the actor system has terminated and the journal's lock is released, or either takes too long. */
    private void finishStop(CompletableFuture<Journal> opening) {
        CompletionStage<Done> released = system.getWhenTerminated()
                .thenCompose(terminated -> opening.handle((journal, failure) -> journal))
                .thenCompose(journal ->
                        journal == null ? CompletableFuture.completedFuture(Done.getInstance()) : journal.released());
        released.toCompletableFuture()
                .orTimeout(RELEASE.toMillis(), TimeUnit.MILLISECONDS)
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
     * @return the process's exit code: 0 after an orderly stop, 1 if the server stopped because a part of it kept failing
     */
    public int awaitTermination() {
        return ended.join();
    }

    /** The exit code, once all is stopped. */
    CompletionStage<Integer> ended() {
        return ended;
    }

    /**
     * Stops in order, and returns when all is stopped: no new clients, no new frames, what was read is journaled, clients get
     * 1001, the journal is released.
     */
    @Override
    public void close() {
        shutdown.runAll(Guardian.StopReason.REQUESTED);
        ended.join();
    }
}
