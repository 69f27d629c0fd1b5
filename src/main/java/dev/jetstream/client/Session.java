package dev.jetstream.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The successive connections of one subscription: chooses host, cursor, filter and the pause before each attempt.
 *
 * <pre>
 *   connect -> open -> (events) -> lost -> pause -> connect ...    was good: same host, shortest pause
 *      |                                     ^                     else: next host, longer pause
 *      +---- refused, silent, ---------------+
 *      +---- HTTP 400, close 1007 to 1009, a fault of our own: the end
 * </pre>
 *
 * <p>Connecting, pausing and liveness checks run on one timer thread; events arrive on the HTTP client's threads.
 */
final class Session {
    /** Many proxies refuse longer request targets: a longer filter is sent as the hello. */
    private static final int MAX_URL_CHARS = 6_000;

    private static final Duration MIN_CHECK = Duration.ofMillis(5);

    private final JetstreamOptions options;
    private final JetstreamListener listener;
    private final Delivery<?> delivery;
    private final ResumePoint resume;
    private final Intake intake;
    private final Backoff backoff;
    private final HttpClient client;
    private final Consumer<Session> onEnd;
    private final Duration livenessPeriod;
    private final ScheduledExecutorService timer;

    /** On the timer's thread only. */
    private int serverIndex;

    // Guarded by this.
    private StreamFilter filter;
    private @Nullable StreamFilter requestedFilter;
    private @Nullable Connection current;
    private boolean open;
    private boolean closed;

    /**
     * @param mapper makes what the subscriber gets; null for a line to skip
     * @param onEnd called once, when it ends
     */
    <T> Session(
            JetstreamOptions options,
            StreamFilter filter,
            HttpClient client,
            ClientCounters counters,
            Flow.Subscriber<? super T> subscriber,
            BiFunction<Intake, EventLine, @Nullable T> mapper,
            Consumer<Session> onEnd) {
        this.options = options;
        this.filter = filter;
        this.client = client;
        this.onEnd = onEnd;
        this.listener = new GuardedListener(options.listener());
        this.resume = new ResumePoint(options.cursor(), options.cursorHandled(), options.rewindOnHostSwitch());
        this.intake = new Intake(resume, listener, counters, options.servers().get(0));
        this.delivery = new Delivery<>(
                subscriber,
                line -> mapper.apply(intake, line),
                counters.delivered,
                new Delivery.Bounds(options.bufferEvents(), options.bufferBytes()),
                this::pull,
                this::shutDown);
        this.backoff = new Backoff(options.backoffMin(), options.backoffMax(), () -> ThreadLocalRandom.current()
                .nextDouble());
        this.timer = timer();
        Duration period = options.livenessTimeout().dividedBy(24);
        this.livenessPeriod = period.compareTo(MIN_CHECK) < 0 ? MIN_CHECK : period;
    }

    private static ScheduledExecutorService timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "jetstream-client-timer");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return timer;
    }

    /** Hands the subscriber its subscription, then connects. */
    void start() {
        delivery.start();
        onTimer(this::connect, Duration.ZERO);
        onTimer(this::checkLiveness, livenessPeriod);
    }

    private void checkLiveness() {
        Connection connection = current();
        if (connection != null) {
            connection.checkLiveness(options.livenessTimeout());
        }
        onTimer(this::checkLiveness, livenessPeriod);
    }

    private synchronized @Nullable Connection current() {
        return current;
    }

    private void pull() {
        Connection connection = current();
        if (connection != null) {
            connection.pull();
        }
    }

    private void connect() {
        List<URI> servers = options.servers();
        URI server = servers.get(serverIndex % servers.size());
        MessageAssembler assembler = new MessageAssembler(options.dictionary(), options.maxReceivedBytes());
        Connection connection = new Connection(server, this, intake, delivery, assembler, options.livenessTimeout());
        StreamFilter inUrl;
        synchronized (this) {
            if (closed) {
                return;
            }
            current = connection;
            open = false;
            requestedFilter = options.requireHello() ? null : filter;
            if (requestedFilter != null && url(server, requestedFilter).length() > MAX_URL_CHARS) {
                requestedFilter = null;
            }
            inUrl = requestedFilter;
        }
        try {
            client.newWebSocketBuilder()
                    .connectTimeout(options.connectTimeout())
                    .header("User-Agent", options.userAgent())
                    .buildAsync(URI.create(url(server, inUrl)), connection)
                    .whenComplete((socket, failure) -> {
                        if (failure != null) {
                            failOnFault(() -> refused(connection, failure));
                        }
                    });
        } catch (RuntimeException e) {
            // An executor of the user's HTTP client may refuse the task.
            refused(connection, e);
        }
    }

    private String url(URI server, @Nullable StreamFilter inUrl) {
        return ServerUrl.subscribe(server, inUrl, resume.cursorFor(server), options.compress(), options.format())
                .toString();
    }

    private void refused(Connection connection, Throwable failure) {
        if (!connection.stop()) {
            return;
        }
        JetstreamException fatal = JetstreamException.fatal(failure);
        if (fatal != null) {
            fail(fatal);
        } else {
            reconnect(connection, JetstreamException.describe(failure, connection.server()));
        }
    }

    void onOpened(Connection connection) {
        intake.onOpened(connection.server());
        OptionalLong cursor = resume.cursorFor(connection.server());
        resume.connected(connection.server(), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        synchronized (this) {
            if (closed || current != connection) {
                return;
            }
            open = true;
            if (!filter.equals(requestedFilter)) {
                connection.send(filter.toOptionsUpdate());
            }
        }
        listener.onConnected(connection.server(), cursor);
    }

    void onEnded(Connection connection, int code, String reason) {
        JetstreamException fatal = JetstreamException.fatal(code, reason);
        if (fatal != null) {
            fail(fatal);
        } else if (code == Connection.NO_CLOSE_FRAME) {
            reconnect(connection, reason.isEmpty() ? "connection lost" : reason);
        } else {
            reconnect(connection, "closed by the server with " + code + (reason.isEmpty() ? "" : " " + reason));
        }
    }

    void onFatal(Connection connection, Throwable reason) {
        connection.stop();
        fail(reason);
    }

    private void reconnect(Connection connection, String reason) {
        if (!options.reconnect()) {
            String text = "no connection to " + connection.server() + ": " + reason;
            fail(new JetstreamException(JetstreamException.Reason.DISCONNECTED, text));
            return;
        }
        onTimer(
                () -> {
                    if (connection.wasGood()) {
                        backoff.reset();
                    } else {
                        serverIndex++;
                    }
                    Duration pause = backoff.next();
                    listener.onDisconnected(connection.server(), reason, pause);
                    onTimer(this::connect, pause);
                },
                Duration.ZERO);
    }

    /** Replaces the filter on the open connection and for those that follow. */
    synchronized void updateFilter(StreamFilter next) {
        filter = next;
        if (open && !closed && current != null) {
            current.send(next.toOptionsUpdate());
        }
    }

    private void fail(Throwable reason) {
        shutDown();
        delivery.fail(reason);
    }

    /** Ends the stream and completes the subscriber. */
    void close() {
        shutDown();
        delivery.finish(null);
    }

    /** Closes the connection and the timer; any thread, any number of times. */
    void shutDown() {
        Connection last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
        }
        onEnd.accept(this);
        timer.shutdownNow();
        if (last != null) {
            last.close();
        }
    }

    private void onTimer(Runnable task, Duration pause) {
        try {
            timer.schedule(() -> failOnFault(task), pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed in the meantime.
        }
    }

    /** Runs a task whose exceptions nobody would see: they end the stream. */
    private void failOnFault(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** The pause before the next attempt: doubles from min to max; jitter subtracts up to half. */
    static final class Backoff {
        private final long minMs;
        private final long maxMs;
        private final DoubleSupplier random;
        private long nextMs;

        /** @param random returns numbers from 0 to 1 */
        Backoff(Duration min, Duration max, DoubleSupplier random) {
            this.minMs = min.toMillis();
            this.maxMs = max.toMillis();
            this.random = random;
            reset();
        }

        Duration next() {
            long pauseMs = nextMs;
            nextMs = Math.min(maxMs, nextMs * 2);
            return Duration.ofMillis(pauseMs / 2 + (long) (random.getAsDouble() * (pauseMs - pauseMs / 2)));
        }

        void reset() {
            nextMs = minMs;
        }
    }
}
