package dev.jetstream.client;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * A stream of events from a Jetstream server, for one subscriber; it reconnects by itself until it is closed.
 *
 * <p>Events come in the server's order, each once (see the package's description for another host). The subscriber is called by
 * one thread at a time, one of the HTTP client's; it may block, and while it does the socket is not read further than
 * {@link JetstreamOptions#bufferEvents()}. All methods may be called by any thread. Its threads are daemons: a program must
 * itself stay alive.
 */
public final class Jetstream implements AutoCloseable {
    private final Session session;

    private Jetstream(Session session) {
        this.session = session;
    }

    /**
     * Starts to connect, and returns at once. A server that cannot be reached is tried again and again; what cannot be mended
     * reaches the subscriber's {@code onError} as {@link JetstreamException}.
     */
    public static Jetstream connect(JetstreamOptions options) {
        Session session = new Session(options);
        session.start();
        return new Jetstream(session);
    }

    /**
     * The typed events. Messages that are no events are told to the {@link JetstreamListener} and skipped; events of an unknown
     * kind are skipped and counted.
     *
     * <p>It takes one subscriber in all, this one or that of {@link #lines()}; another gets {@code onError} with
     * {@link IllegalStateException}. Cancelling closes this Jetstream.
     */
    public Flow.Publisher<JetstreamEvent> events() {
        return session.delivery().publisher(session::parse);
    }

    /** The events as they came, of every kind, not parsed: several times faster. Otherwise as {@link #events()}. */
    public Flow.Publisher<EventLine> lines() {
        return session.delivery().publisher(line -> line);
    }

    /**
     * Subscribes to {@link #events()} with an action, and waits until the stream ends, which it does when closed.
     *
     * @throws JetstreamException when the stream ended with it
     * @throws IllegalStateException when there was a subscriber already
     * @throws RuntimeException what the action threw; this Jetstream is closed then
     * @throws InterruptedException when the waiting thread was interrupted; the stream goes on
     */
    public void forEach(Consumer<? super JetstreamEvent> action) throws InterruptedException {
        ForEach subscriber = new ForEach(Objects.requireNonNull(action, "action"));
        events().subscribe(subscriber);
        subscriber.ended.await();
        if (subscriber.failure != null) {
            throw subscriber.failure;
        }
    }

    /**
     * Replaces the filter, for this connection and those to come. Events that were sent or buffered before still arrive.
     *
     * <p>Filters that the server refuses end the stream with {@link JetstreamException.Reason#INVALID_OPTIONS}.
     */
    public void updateOptions(StreamFilter filter) {
        session.updateOptions(Objects.requireNonNull(filter, "filter"));
    }

    /**
     * The time of the last event whose {@code onNext} has returned; empty before the first. Store it, and give it to
     * {@link JetstreamOptionsBuilder#resumeAfter(long)} to go on from there, at the same server. Who hands events to other
     * threads stores {@link AckTracker#cursor()} instead.
     */
    public OptionalLong lastCursor() {
        long timeUs = session.delivery().lastTimeUs();
        return timeUs == TimeUs.MISSING ? OptionalLong.empty() : OptionalLong.of(timeUs);
    }

    public JetstreamStats stats() {
        return session.stats();
    }

    /** Closes the connection; the subscriber gets {@code onComplete}, and nothing of what is still buffered. */
    @Override
    public void close() {
        session.shutDown();
        session.delivery().finish(null);
    }

    private static final class ForEach implements Flow.Subscriber<JetstreamEvent> {
        private final Consumer<? super JetstreamEvent> action;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile RuntimeException failure;

        ForEach(Consumer<? super JetstreamEvent> action) {
            this.action = action;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(JetstreamEvent event) {
            try {
                action.accept(event);
            } catch (RuntimeException e) {
                onError(e);
                throw new Delivery.ToldAlready();
            }
        }

        @Override
        public void onError(Throwable cause) {
            failure = (RuntimeException) cause;
            ended.countDown();
        }

        @Override
        public void onComplete() {
            ended.countDown();
        }
    }
}
