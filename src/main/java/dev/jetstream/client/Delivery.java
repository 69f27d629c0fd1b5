package dev.jetstream.client;

import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscription: the bounded buffer between the socket and a subscriber, with that subscriber's demand.
 *
 * <p>Each thread that adds something (an event, demand, the end) calls {@link #drain()}. The first one delivers; the others
 * only count up {@code pending}, and the first repeats its round. So one thread at a time calls the subscriber, usually the
 * socket's, and a subscriber that blocks keeps the socket from being read.
 *
 * <p>Whatever {@code onNext} or the mapper throws ends the stream and reaches {@code onError}.
 *
 * @param <T> what the subscriber gets
 */
final class Delivery<T> implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);

    /** How much the buffer may hold before the socket is read no further. */
    record Bounds(int events, long chars) {}

    private final Function<EventLine, @Nullable T> mapper;
    private final LongAdder delivered;
    private final Bounds bounds;
    private final Runnable onRoom;
    private final Runnable onCancel;
    /** Above 0 before {@link #start()}, so that nothing is delivered before {@code onSubscribe}. */
    private final AtomicInteger pending = new AtomicInteger(1);

    // Guarded by this.
    private final ArrayDeque<EventLine> lines = new ArrayDeque<>();
    private long chars;
    private long demand;
    private boolean ended;
    private @Nullable Throwable failure;

    /** Null once the stream is over: a subscription that is kept must not keep its subscriber (Reactive Streams, 3.13). */
    private volatile Flow.@Nullable Subscriber<? super T> target;

    /**
     * @param mapper returns null for a line to skip
     * @param delivered counts events handed to the subscriber
     * @param onRoom called after the subscriber has taken an event
     * @param onCancel called when the subscriber cancels or fails
     */
    Delivery(
            Flow.Subscriber<? super T> target,
            Function<EventLine, @Nullable T> mapper,
            LongAdder delivered,
            Bounds bounds,
            Runnable onRoom,
            Runnable onCancel) {
        this.target = target;
        this.mapper = mapper;
        this.delivered = delivered;
        this.bounds = bounds;
        this.onRoom = onRoom;
        this.onCancel = onCancel;
    }

    /** Hands the subscriber this subscription. What its {@code onSubscribe} throws cancels it and is thrown. */
    void start() {
        Flow.Subscriber<? super T> to = target;
        if (to == null) {
            throw new IllegalStateException("started twice");
        }
        try {
            to.onSubscribe(this);
        } catch (Throwable e) {
            cancel();
            throw e;
        }
        deliverPending();
    }

    /** Ends a subscriber that cannot be served. */
    static void refuse(Flow.Subscriber<?> subscriber, Throwable reason) {
        subscriber.onSubscribe(new Nothing());
        subscriber.onError(reason);
    }

    synchronized void offer(EventLine line) {
        if (!ended) {
            lines.add(line);
            chars += line.json().length();
        }
    }

    /** How many more events fit into the buffer. */
    synchronized int room() {
        return ended || chars >= bounds.chars() ? 0 : Math.max(0, bounds.events() - lines.size());
    }

    /** Ends the stream after the buffered events. */
    void fail(Throwable cause) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
        }
        drain();
    }

    /**
     * Ends the stream at once, without the buffered events.
     *
     * @param cause what {@code onError} gets; null: {@code onComplete}
     */
    void finish(@Nullable Throwable cause) {
        synchronized (this) {
            if (!ended) {
                ended = true;
                failure = cause;
            }
            lines.clear();
        }
        drain();
    }

    @Override
    public void request(long n) {
        if (n <= 0) {
            finish(new IllegalArgumentException("demand must be above 0, but is " + n + " (Reactive Streams, 3.9)"));
            onCancel.run();
            return;
        }
        synchronized (this) {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        drain();
    }

    @Override
    public void cancel() {
        target = null;
        finish(null);
        onCancel.run();
    }

    /** Delivers what demand allows. Never call it with a lock held: it calls the subscriber. */
    void drain() {
        if (pending.getAndIncrement() == 0) {
            deliverPending();
        }
    }

    private void deliverPending() {
        int rounds = 1;
        while (rounds != 0) {
            deliverAll();
            rounds = pending.addAndGet(-rounds);
        }
    }

    private void deliverAll() {
        while (true) {
            Flow.Subscriber<? super T> to = target;
            if (to == null) {
                return;
            }
            EventLine line;
            synchronized (this) {
                line = demand > 0 ? lines.poll() : null;
                if (line == null && (!ended || !lines.isEmpty())) {
                    return;
                }
                chars -= line == null ? 0 : line.json().length();
            }
            if (line == null) {
                target = null;
                end(to);
                return;
            }
            deliver(to, line);
            onRoom.run();
        }
    }

    private void deliver(Flow.Subscriber<? super T> to, EventLine line) {
        try {
            T item = mapper.apply(line);
            if (item != null) {
                synchronized (this) {
                    demand -= demand == Long.MAX_VALUE ? 0 : 1;
                }
                delivered.increment();
                to.onNext(item);
            }
        } catch (Throwable e) {
            if (target == null) {
                LOG.error("The subscriber failed after it had cancelled: time_us={}", line.timeUs(), e);
                return;
            }
            synchronized (this) {
                ended = true;
                failure = e;
                lines.clear();
            }
            onCancel.run();
        }
    }

    private void end(Flow.Subscriber<? super T> to) {
        Throwable cause = failure();
        try {
            if (cause == null) {
                to.onComplete();
            } else {
                to.onError(cause);
            }
        } catch (Throwable e) {
            LOG.error("The subscriber failed at the end of the stream", e);
        }
    }

    private synchronized @Nullable Throwable failure() {
        return failure;
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
