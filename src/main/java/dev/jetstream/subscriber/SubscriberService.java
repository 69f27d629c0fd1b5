package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.journal.BlockLog;
import dev.jetstream.live.LiveHub;
import dev.jetstream.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** All subscribers of a server: makes an actor for each socket, and ends them all when the server stops. Any thread. */
public final class SubscriberService implements Subscribers {
    private static final int FILTERS_PART_OF_HEAP = 8;
    private static final long MIN_FILTER_BYTES = 16L << 20;

    private final ActorSystem<?> system;
    private final SubscriberSettings all;
    private final Map<ActorRef<Subscriber.Command>, SubscriberEvents> open = new ConcurrentHashMap<>();
    private static final AtomicLong NAMES = new AtomicLong();

    private final CompletableFuture<Void> allGone = new CompletableFuture<>();
    private volatile boolean stopping;

    /**
     * @param clockUs unix microseconds
     * @param nanoTime never steps back
     */
    public SubscriberService(
            ActorSystem<?> system,
            SubscriberConfig config,
            BlockLog log,
            LiveHub hub,
            SubscriberMetrics metrics,
            LongSupplier clockUs,
            LongSupplier nanoTime) {
        this.system = system;
        all = new SubscriberSettings(
                config,
                log,
                hub,
                new SharedFilters(maxFilterBytes()),
                new RateLimits(config.maxEventsPerSecond(), nanoTime),
                metrics,
                clockUs,
                nanoTime);
    }

    /** A part of the heap, as for messages that are being received: a bound of each one alone, times the connections, is none. */
    private static long maxFilterBytes() {
        return Math.max(MIN_FILTER_BYTES, Runtime.getRuntime().maxMemory() / FILTERS_PART_OF_HEAP);
    }

    @Override
    public Socket.Events subscribe(Socket socket, SubscribeRequest request) {
        SubscriberEvents events = new SubscriberEvents(this::onClosed);
        ActorRef<Subscriber.Command> subscriber = system.systemActorOf(
                Subscriber.create(all, socket, request, events),
                "subscriber-" + NAMES.incrementAndGet(),
                Props.empty());
        open.put(subscriber, events);
        events.open(subscriber, all.hub());
        if (stopping) {
            subscriber.tell(Subscriber.Signal.SHUTDOWN);
        }
        return events;
    }

    private void onClosed(ActorRef<Subscriber.Command> subscriber) {
        open.remove(subscriber);
        completeIfDone();
    }

    private void completeIfDone() {
        if (stopping && open.isEmpty()) {
            allGone.complete(null);
        }
    }

    /** Open subscriptions. */
    public int count() {
        return open.size();
    }

    /** How they fare, in no order. */
    public List<ConnectionReport> connections() {
        return open.values().stream()
                .map(SubscriberEvents::report)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Sends every client a close frame with 1001.
     *
     * @return completes when the last connection is gone; the caller decides how long it waits
     */
    public CompletionStage<Void> closeAll() {
        stopping = true;
        open.keySet().forEach(subscriber -> subscriber.tell(Subscriber.Signal.SHUTDOWN));
        completeIfDone();
        return allGone;
    }
}
