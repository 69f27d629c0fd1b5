package dev.jetstream.client;

import java.net.http.HttpClient;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Streams of events from a Jetstream server. Each subscription has its own connection, which starts where the options say and
 * is reopened until the subscription is cancelled or this Jetstream is closed.
 *
 * <p>Events come in the server's order, each once (see the package's description for another host). A subscriber is called by
 * one thread at a time, usually one of the HTTP client's. It may block; meanwhile at most
 * {@link JetstreamOptions.Builder#bufferEvents} events are buffered. What its {@code onNext} throws ends its stream and reaches
 * its {@code onError}. All methods may be called by any thread. The client's threads are daemons: they do not keep a program
 * running.
 */
public final class Jetstream implements AutoCloseable {
    private final JetstreamOptions options;
    private final HttpClient httpClient;
    private final ClientCounters counters = new ClientCounters();

    // Guarded by this.
    private final Set<Session> sessions = new HashSet<>();
    private StreamFilter filter;
    private boolean closed;

    private Jetstream(JetstreamOptions options) {
        this.options = options;
        this.httpClient = options.newHttpClient();
        this.filter = options.filter();
    }

    /** A client of the servers that the options name. It connects when it is subscribed to. */
    public static Jetstream create(JetstreamOptions options) {
        return new Jetstream(options);
    }

    /**
     * The typed events. Messages that are not events are reported to the {@link JetstreamListener} and skipped; events of an
     * unknown kind are skipped and counted.
     *
     * <p>The publisher is cold: each subscription opens a connection at once and starts where the options say. An unreachable
     * server is retried without end; a failure that a retry cannot fix reaches {@code onError} as {@link JetstreamException}.
     * After {@link #close()}, a subscriber gets {@code onError} with {@link IllegalStateException}.
     */
    public Flow.Publisher<JetstreamEvent> events() {
        return subscriber -> subscribe(subscriber, Intake::parse);
    }

    /** The unparsed events of every kind, which is several times faster; otherwise like {@link #events()}. */
    public Flow.Publisher<EventLine> lines() {
        return subscriber -> subscribe(subscriber, (intake, line) -> line);
    }

    private <T> void subscribe(
            Flow.Subscriber<? super T> subscriber, BiFunction<Intake, EventLine, @Nullable T> mapper) {
        Objects.requireNonNull(subscriber, "subscriber");
        Session session = null;
        synchronized (this) {
            if (!closed) {
                session = new Session(options, filter, httpClient, counters, subscriber, mapper, this::ended);
                sessions.add(session);
            }
        }
        if (session == null) {
            Delivery.refuse(subscriber, new IllegalStateException("this Jetstream is closed"));
        } else {
            session.start();
        }
    }

    private synchronized void ended(Session session) {
        sessions.remove(session);
    }

    /**
     * Subscribes to {@link #events()} with an action and waits until the stream ends or this Jetstream is closed. Whatever the
     * action throws, errors included, ends the stream and is thrown to the caller.
     *
     * @throws JetstreamException when the stream fails
     * @throws IllegalStateException when this Jetstream was closed before
     * @throws InterruptedException when the waiting thread is interrupted; this ends the stream
     */
    public void forEach(Consumer<? super JetstreamEvent> action) throws InterruptedException {
        ForEach subscriber = new ForEach(Objects.requireNonNull(action, "action"));
        events().subscribe(subscriber);
        subscriber.await();
    }

    /**
     * Replaces the filter of all subscriptions, on their connections and those that follow, and of later subscriptions. Events
     * that were sent or buffered before still arrive.
     *
     * <p>A filter that the server refuses ends the streams with {@link JetstreamException.Reason#INVALID_OPTIONS}.
     */
    public void updateFilter(StreamFilter next) {
        Objects.requireNonNull(next, "filter");
        synchronized (this) {
            filter = next;
            // A copy, as a session whose connection fails here removes itself.
            List.copyOf(sessions).forEach(session -> session.updateFilter(next));
        }
    }

    /** Counts of all subscriptions together. */
    public JetstreamStats stats() {
        return counters.stats();
    }

    /** Closes all connections and discards buffered events; subscribers get {@code onComplete}. */
    @Override
    public void close() {
        List<Session> running;
        synchronized (this) {
            closed = true;
            running = List.copyOf(sessions);
        }
        running.forEach(Session::close);
    }

    private static final class ForEach implements Flow.Subscriber<JetstreamEvent> {
        private final Consumer<? super JetstreamEvent> action;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Flow.@Nullable Subscription subscription;
        private volatile @Nullable Throwable failure;

        ForEach(Consumer<? super JetstreamEvent> action) {
            this.action = action;
        }

        void await() throws InterruptedException {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Flow.Subscription running = subscription;
                if (running != null) {
                    running.cancel();
                }
                throw e;
            }
            Throwable thrown = failure;
            if (thrown != null) {
                ForEach.<RuntimeException>sneakyThrow(thrown);
            }
        }

        @SuppressWarnings("unchecked")
        private static <E extends Throwable> void sneakyThrow(Throwable failure) throws E {
            throw (E) failure;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription = subscription;
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(JetstreamEvent event) {
            action.accept(event);
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
            ended.countDown();
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }
    }
}
