package dev.jetstream.client;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A stream of events from a Jetstream server for one subscriber; reconnects automatically until it is closed.
 *
 * <p>Events come in the server's order, each once (see the package's description for another host). The subscriber is called by
 * one thread at a time, usually one of the HTTP client's. It may block; meanwhile at most
 * {@link JetstreamOptions#bufferEvents()} events are buffered. What its {@code onNext} throws ends the stream and reaches its
 * {@code onError}. All methods may be called by any thread. The client's threads are daemons: they do not keep a program
 * running.
 */
public final class Jetstream implements AutoCloseable {
    private final Session session;

    private Jetstream(Session session) {
        this.session = session;
    }

    /**
     * Starts connecting and returns at once. An unreachable server is retried without end; a failure that a retry cannot fix
     * reaches the subscriber's {@code onError} as {@link JetstreamException}.
     */
    public static Jetstream connect(JetstreamOptions options) {
        Session session = new Session(options);
        session.start();
        return new Jetstream(session);
    }

    /**
     * The typed events. Messages that are not events are reported to the {@link JetstreamListener} and skipped; events of an
     * unknown kind are skipped and counted.
     *
     * <p>A Jetstream accepts a single subscriber, here or at {@link #lines()}; a second one gets {@code onError} with
     * {@link IllegalStateException}. Cancelling closes this Jetstream.
     */
    public Flow.Publisher<JetstreamEvent> events() {
        return session.delivery().publisher(session.intake()::parse);
    }

    /** The unparsed events of every kind, which is several times faster; otherwise like {@link #events()}. */
    public Flow.Publisher<EventLine> lines() {
        return session.delivery().publisher(line -> line);
    }

    /**
     * Subscribes to {@link #events()} with an action and waits until the stream ends or is closed. Whatever the action throws,
     * errors included, ends the stream, closes this Jetstream and is thrown to the caller.
     *
     * @throws JetstreamException when the stream fails
     * @throws IllegalStateException when there already was a subscriber
     * @throws InterruptedException when the waiting thread is interrupted; the stream continues
     */
    public void forEach(Consumer<? super JetstreamEvent> action) throws InterruptedException {
        ForEach subscriber = new ForEach(Objects.requireNonNull(action, "action"));
        events().subscribe(subscriber);
        subscriber.ended.await();
        if (subscriber.failure != null) {
            Jetstream.<RuntimeException>sneakyThrow(subscriber.failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneakyThrow(Throwable failure) throws E {
        throw (E) failure;
    }

    /**
     * Replaces the filter for this connection and those that follow. Events that were sent or buffered before still arrive.
     *
     * <p>A filter that the server refuses ends the stream with {@link JetstreamException.Reason#INVALID_OPTIONS}.
     */
    public void updateOptions(StreamFilter filter) {
        session.updateOptions(Objects.requireNonNull(filter, "filter"));
    }

    /**
     * The time of the last event whose {@code onNext} has returned; empty before the first. Store it, and give it to
     * {@link JetstreamOptions.Builder#resumeAfter(long)} to continue from there at the same server. If other threads
     * handle the events, store {@link AckTracker#cursor()} instead.
     */
    public OptionalLong lastCursor() {
        long timeUs = session.delivery().lastTimeUs();
        return timeUs == EventLine.NO_TIME ? OptionalLong.empty() : OptionalLong.of(timeUs);
    }

    public JetstreamStats stats() {
        return session.intake().stats();
    }

    /** Closes the connection and discards buffered events; the subscriber gets {@code onComplete}. */
    @Override
    public void close() {
        session.shutDown();
        session.delivery().finish(null);
    }

    private static final class ForEach implements Flow.Subscriber<JetstreamEvent> {
        private final Consumer<? super JetstreamEvent> action;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Throwable failure;

        ForEach(Consumer<? super JetstreamEvent> action) {
            this.action = action;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
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
