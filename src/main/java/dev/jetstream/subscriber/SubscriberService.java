package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.live.LiveHub;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** What other threads may ask of the subscribers of a server; a {@link SubscriberParent} does it. Any thread. */
public final class SubscriberService implements Subscribers {
    private static final int FILTERS_PART_OF_HEAP = 8;
    private static final long MIN_FILTER_BYTES = 16L << 20;

    private final Set<SubscriberEvents> open;
    private final ActorRef<SubscriberParent.Command> parent;

    /** Spawns an actor. */
    @FunctionalInterface
    public interface Spawner {
        ActorRef<SubscriberParent.Command> spawn(Behavior<SubscriberParent.Command> behavior);
    }

    private SubscriberService(Set<SubscriberEvents> open, ActorRef<SubscriberParent.Command> parent) {
        this.open = open;
        this.parent = parent;
    }

    /**
     * Starts with no subscribers.
     *
     * @param spawner makes the parent of all subscribers
     * @param clockUs unix microseconds
     * @param nanoTime never steps back
     */
    public static SubscriberService start(
            Spawner spawner,
            SubscriberConfig config,
            BlockLog log,
            LiveHub hub,
            SubscriberMetrics metrics,
            LongSupplier clockUs,
            LongSupplier nanoTime) {
        SubscriberSettings settings = new SubscriberSettings(
                config,
                log,
                hub,
                new SharedFilters(maxFilterBytes()),
                new RateLimits(config.maxEventsPerSecond(), nanoTime),
                new ReplayGate(Math.max(2, Runtime.getRuntime().availableProcessors())),
                metrics,
                clockUs,
                nanoTime);
        return start(spawner, settings);
    }

    static SubscriberService start(Spawner spawner, SubscriberSettings settings) {
        Set<SubscriberEvents> open = ConcurrentHashMap.newKeySet();
        return new SubscriberService(open, spawner.spawn(SubscriberParent.create(settings, open)));
    }

    /** A part of the heap, as for messages that are being received: a bound per filter times the connections is none. */
    private static long maxFilterBytes() {
        return Math.max(MIN_FILTER_BYTES, Runtime.getRuntime().maxMemory() / FILTERS_PART_OF_HEAP);
    }

    @Override
    public Socket.Events subscribe(Socket socket, Subscription request) {
        SubscriberEvents events = new SubscriberEvents();
        open.add(events);
        parent.tell(new SubscriberParent.Connect(socket, request, events));
        return events;
    }

    /** Open subscriptions. */
    public int count() {
        return open.size();
    }

    /** A report of each subscriber, in no order. */
    public List<ConnectionReport> connections() {
        return open.stream()
                .map(SubscriberEvents::report)
                .filter(Objects::nonNull)
                .toList();
    }

    /**
     * Sends every client a close frame with 1001.
     *
     * @param timeout after which the result fails
     * @return completes when the last connection is gone
     */
    public CompletionStage<Done> closeAll(Duration timeout, Scheduler scheduler) {
        return AskPattern.ask(parent, SubscriberParent.CloseAll::new, timeout, scheduler);
    }
}
