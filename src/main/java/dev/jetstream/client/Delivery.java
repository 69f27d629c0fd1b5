package dev.jetstream.client;

import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded buffer between the socket and the one subscriber, and that subscriber's demand.
 *
 * <p>Whoever brings something (an event, demand, the end) calls {@link #drain()}; the first of them delivers, the others leave
 * it a note. So the subscriber is called by one thread at a time, mostly the socket's, and a subscriber that blocks keeps the
 * socket from being read.
 */
final class Delivery implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Jetstream.class);

    private final int maxEvents;
    private final long maxChars;
    private final Runnable onRoom;
    private final Runnable onCancel;
    private final AtomicInteger missed = new AtomicInteger();

    // Guarded by this.
    private final ArrayDeque<EventLine> lines = new ArrayDeque<>();
    private long chars;
    private long demand;
    private boolean ended;
    private RuntimeException failure;

    private volatile Subscriber<?> subscriber;
    private volatile boolean done;
    private volatile long delivered;
    private volatile long lastTimeUs = TimeUs.MISSING;

    /**
     * @param onRoom called when the subscriber has taken an event
     * @param onCancel called when it wants no more
     */
    Delivery(int maxEvents, long maxChars, Runnable onRoom, Runnable onCancel) {
        this.maxEvents = maxEvents;
        this.maxChars = maxChars;
        this.onRoom = onRoom;
        this.onCancel = onCancel;
    }

    /** A publisher for at most one subscriber; the mapper returns null for what is not to be delivered. */
    <T> Flow.Publisher<T> publisher(Function<EventLine, T> mapper) {
        return target -> {
            if (!claim(new Subscriber<>(target, mapper))) {
                target.onSubscribe(new Nothing());
                target.onError(new IllegalStateException("this Jetstream has had its one subscriber"));
                return;
            }
            missed.getAndIncrement();
            target.onSubscribe(this);
            deliverMissed(1);
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

    /** How many more events fit. */
    synchronized int room() {
        return ended || chars >= maxChars ? 0 : Math.max(0, maxEvents - lines.size());
    }

    /** The time of the last event that the subscriber has taken, or {@link TimeUs#MISSING}. */
    long lastTimeUs() {
        return lastTimeUs;
    }

    long delivered() {
        return delivered;
    }

    /** Ends the stream behind what is buffered. */
    void fail(RuntimeException cause) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
        }
        drain();
    }

    /** Ends the stream at once; the cause null: as completed. */
    void finish(RuntimeException cause) {
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

    /** Delivers what may be delivered. Never under a lock: it calls the subscriber. */
    void drain() {
        if (subscriber != null && missed.getAndIncrement() == 0) {
            deliverMissed(1);
        }
    }

    private void deliverMissed(int notes) {
        int left = notes;
        while (left != 0) {
            deliverAll(subscriber);
            left = missed.addAndGet(-left);
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
        T item = to.mapper.apply(line);
        if (item != null) {
            synchronized (this) {
                demand -= demand == Long.MAX_VALUE ? 0 : 1;
            }
            delivered++;
            try {
                to.target.onNext(item);
            } catch (ToldAlready e) {
                cancel();
                return;
            } catch (RuntimeException e) {
                LOG.error("The subscriber failed and gets no more events: time_us={}", line.timeUs(), e);
                cancel();
                return;
            }
        }
        lastTimeUs = line.timeUs();
    }

    /** Thrown by a subscriber of ours that has failed and has told its user so. */
    static final class ToldAlready extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private record Subscriber<T>(Flow.Subscriber<? super T> target, Function<EventLine, T> mapper) {
        void end(RuntimeException failure) {
            if (failure == null) {
                target.onComplete();
            } else {
                target.onError(failure);
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
