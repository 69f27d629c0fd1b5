package dev.jetstream.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one stream, one after the other: which host, from which cursor, with which options, and when again.
 *
 * <pre>
 *   connect -> open -> (events) -> lost -> pause -> connect ...    good before: same host, shortest pause
 *      |                                     ^                     else: next host, longer pause
 *      +---- refused, silent, ---------------+
 *      +---- HTTP 400, close 1007 to 1009: the end
 * </pre>
 *
 * <p>Connecting, pausing and watching run on one timer thread; the events run on the HTTP client's threads.
 */
final class Session implements Connection.Owner {
    /** Longer request targets are refused by many a proxy: beyond it the filter goes as the hello. */
    private static final int MAX_URL_CHARS = 6_000;

    private static final Duration MIN_CHECK = Duration.ofMillis(5);

    private final JetstreamOptions options;
    private final JetstreamListener listener;
    private final Delivery delivery;
    private final ResumePoint resume;
    private final Intake intake;
    private final Backoff backoff;
    private final HttpClient client;
    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService timer;
    private final Counters counters = new Counters();

    /** On the timer's thread only. */
    private int serverIndex;

    // Guarded by this.
    private StreamFilter filter;
    private StreamFilter requestedFilter;
    private Connection current;
    private boolean open;
    private boolean closed;

    Session(JetstreamOptions options) {
        this.options = options;
        this.listener = new SafeListener(options.listener());
        this.filter = options.filter();
        this.delivery = new Delivery(options.bufferEvents(), options.bufferBytes(), this::pull, this::shutDown);
        this.resume = new ResumePoint(options.cursor(), options.cursorHandled(), options.rewindOnHostSwitch());
        this.intake =
                new Intake(resume, delivery, listener, counters, () -> current().server());
        this.backoff = new Backoff(options.backoffMin(), options.backoffMax(), () -> ThreadLocalRandom.current()
                .nextDouble());
        this.client = options.httpClient() != null ? options.httpClient() : HttpClient.newHttpClient();
        this.timer = timer();
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

    Delivery delivery() {
        return delivery;
    }

    void start() {
        onTimer(this::connect, Duration.ZERO);
        Duration liveness = options.livenessTimeout();
        long periodNanos = Math.max(MIN_CHECK.toNanos(), liveness.toNanos() / 24);
        timer.scheduleWithFixedDelay(
                () -> {
                    Connection connection = current();
                    if (connection != null) {
                        connection.checkLiveness(liveness);
                    }
                },
                periodNanos,
                periodNanos,
                TimeUnit.NANOSECONDS);
    }

    private synchronized Connection current() {
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
        Connection connection = new Connection(server, this, delivery, assembler, options.livenessTimeout());
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
                            refused(connection, failure);
                        }
                    });
        } catch (IllegalArgumentException e) {
            refused(connection, e);
        }
    }

    private String url(URI server, StreamFilter inUrl) {
        return ServerUrl.subscribe(server, inUrl, resume.cursorFor(server), options.compress(), options.format())
                .toString();
    }

    private void refused(Connection connection, Throwable failure) {
        if (!connection.stop()) {
            return;
        }
        JetstreamException fatal = Failures.fatal(failure);
        if (fatal != null) {
            fail(fatal);
        } else {
            again(connection, Failures.describe(failure, connection.server()));
        }
    }

    @Override
    public void onOpened(Connection connection) {
        counters.connections.increment();
        OptionalLong cursor = resume.cursorFor(connection.server());
        resume.connected(connection.server(), ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
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

    @Override
    public void onMessage(Connection connection, String json) {
        intake.onMessage(connection, json);
    }

    @Override
    public void onBadMessage(Connection connection, Exception reason) {
        intake.onBadMessage(connection.server(), reason);
    }

    /** Parses an event for delivery; null where there is none in it. */
    JetstreamEvent parse(EventLine line) {
        return intake.parse(line);
    }

    @Override
    public void onEnded(Connection connection, int code, String reason) {
        JetstreamException fatal = Failures.fatal(code, reason);
        if (fatal != null) {
            fail(fatal);
        } else if (code == Connection.NO_CLOSE_FRAME) {
            again(connection, reason.isEmpty() ? "connection lost" : reason);
        } else {
            again(connection, "closed by the server with " + code + (reason.isEmpty() ? "" : " " + reason));
        }
    }

    @Override
    public void onFatal(Connection connection, JetstreamException reason) {
        connection.stop();
        fail(reason);
    }

    private void again(Connection connection, String reason) {
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

    /** Puts another filter in force: now, where a connection is open, and at every later one. */
    void updateOptions(StreamFilter next) {
        synchronized (this) {
            filter = next;
            if (open && !closed) {
                current.send(next.toOptionsUpdate());
            }
        }
    }

    JetstreamStats stats() {
        return counters.stats(delivery.delivered());
    }

    private void fail(JetstreamException reason) {
        shutDown();
        delivery.fail(reason);
    }

    /** Ends the connection and the timer; any thread, any number of times. */
    void shutDown() {
        Connection last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
        }
        timer.shutdownNow();
        if (last != null) {
            last.close();
        }
    }

    private void onTimer(Runnable task, Duration pause) {
        try {
            timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed meanwhile: nothing is left to be done.
        }
    }
}
