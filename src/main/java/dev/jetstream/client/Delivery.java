package dev.jetstream.client;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded buffer between the socket and the single subscriber, with that subscriber's demand.
 *
 * <p>Each thread that adds something (an event, demand, the end) calls {@link #drain()}. The first one delivers; the others
 * only count up {@code pending}, and the first repeats its round. So one thread at a time calls the subscriber, usually the
 * socket's, and a subscriber that blocks keeps the socket from being read.
 *
 * <p>Whatever {@code onNext} or the mapper throws ends the stream and reaches {@code onError}.
 */
final class Delivery implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);

    private final int maxEvents;
    private final long maxChars;
    private final Runnable onRoom;
    private final Runnable onCancel;
    private final AtomicInteger pending = new AtomicInteger();

    // Guarded by this.
    private final ArrayDeque<EventLine> lines = new ArrayDeque<>();
    private long chars;
    private long demand;
    private boolean ended;
    private Throwable failure;

    private volatile Subscriber<?> subscriber;
    private volatile boolean done;
    private volatile long delivered;
    private volatile long lastTimeUs = EventLine.NO_TIME;

    /**
     * @param onRoom called after the subscriber has taken an event
     * @param onCancel called when the subscriber cancels or fails
     */
    Delivery(int maxEvents, long maxChars, Runnable onRoom, Runnable onCancel) {
        this.maxEvents = maxEvents;
        this.maxChars = maxChars;
        this.onRoom = onRoom;
        this.onCancel = onCancel;
    }

    /** A publisher for at most one subscriber; the mapper returns null for a line to skip. */
    <T> Flow.Publisher<T> publisher(Function<EventLine, T> mapper) {
        return target -> {
            Objects.requireNonNull(target, "subscriber");
            if (!claim(new Subscriber<>(target, mapper))) {
                target.onSubscribe(new Nothing());
                target.onError(new IllegalStateException("this Jetstream already has or had its subscriber"));
                return;
            }
            pending.getAndIncrement();
            try {
                target.onSubscribe(this);
            } catch (Throwable e) {
                cancel();
                throw e;
            }
            deliverPending();
        };
    }

    private synchronized boolean claim(Subscriber<?> first) {
        if (subscriber != null) {
            return false;
        }
        subscriber = first;
        return true;
    }

    synchronized void offer(EventLine line) {
        if (!ended) {
            lines.add(line);
            chars += line.json().length();
        }
    }

    /** How many more events fit into the buffer. */
    synchronized int room() {
        return ended || chars >= maxChars ? 0 : Math.max(0, maxEvents - lines.size());
    }

    /** The time of the last event that the subscriber has taken, or {@link EventLine#NO_TIME}. */
    long lastTimeUs() {
        return lastTimeUs;
    }

    long delivered() {
        return delivered;
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
    void finish(Throwable cause) {
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
            finish(new IllegalArgumentException("demand must be above 0, but is " + n));
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
        done = true;
        finish(null);
        onCancel.run();
    }

    /** Delivers what demand allows. Never call it with a lock held: it calls the subscriber. */
    void drain() {
        if (subscriber != null && pending.getAndIncrement() == 0) {
            deliverPending();
        }
    }

    private void deliverPending() {
        int rounds = 1;
        while (rounds != 0) {
            deliverAll(subscriber);
            rounds = pending.addAndGet(-rounds);
        }
    }

    private <T> void deliverAll(Subscriber<T> to) {
        while (!done) {
            EventLine line;
            synchronized (this) {
                line = demand > 0 ? lines.poll() : null;
                if (line == null) {
                    if (!ended || !lines.isEmpty()) {
                        return;
                    }
                } else {
                    chars -= line.json().length();
                }
            }
            if (line == null) {
                done = true;
                to.end(failure);
                return;
            }
            deliver(to, line);
            onRoom.run();
        }
    }

    private <T> void deliver(Subscriber<T> to, EventLine line) {
        try {
            T item = to.mapper.apply(line);
            if (item != null) {
                synchronized (this) {
                    demand -= demand == Long.MAX_VALUE ? 0 : 1;
                }
                delivered++;
                to.target.onNext(item);
            }
            lastTimeUs = line.timeUs();
        } catch (Throwable e) {
            if (done) {
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

    private record Subscriber<T>(Flow.Subscriber<? super T> target, Function<EventLine, T> mapper) {
        void end(Throwable failure) {
            try {
                if (failure == null) {
                    target.onComplete();
                } else {
                    target.onError(failure);
                }
            } catch (Throwable e) {
                LOG.error("The subscriber failed at the end of the stream", e);
            }
        }
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {}

        @Override
        public void cancel() {}
    }
}
