package dev.jetstream.subscriber;

import dev.jetstream.config.SubscriberConfig;
import dev.jetstream.journal.read.BlockLog;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * The parent of one {@link Subscriber} per connection. It announces new blocks to them, and closes all when the server stops.
 *
 * <p>Announcements carry nothing: a subscriber reads the {@link BlockLog} at its own position, so blocks that come while earlier ones
 * are being announced cost nothing extra.
 */
public final class Subscribers extends AbstractBehavior<Subscribers.Command> {
    private static final int FILTERS_PART_OF_HEAP = 8;
    private static final long MIN_FILTER_BYTES = 16L << 20;

    /** A message to this actor. */
    public sealed interface Command permits Connect, NewBlocks, CloseAll, Ended {}

    /** A socket whose upgrade has been answered. */
    private record Connect(Socket socket, Subscription subscription, Inbox inbox) implements Command {}

    /** The log's tip has moved. */
    private enum NewBlocks implements Command {
        INSTANCE
    }

    /** Close every connection with 1012, later ones too. Answered when none is left. */
    public record CloseAll(ActorRef<Done> replyTo) implements Command {}

    /** A child has stopped, for whatever reason. */
    private record Ended(ActorRef<Subscriber.Command> subscriber) implements Command {}

    /**
     * What all subscribers share.
     *
     * @param clockUs unix microseconds
     * @param nanoTime never steps back
     */
    record Shared(
            SubscriberConfig config,
            BlockLog log,
            SharedFilters filters,
            RateLimits rates,
            ReplayGate gate,
            SubscriberMetrics metrics,
            LongSupplier clockUs,
            LongSupplier nanoTime) {}

    private final Shared shared;
    private final Map<ActorRef<Subscriber.Command>, Inbox> children = new HashMap<>();
    private final AtomicBoolean announced = new AtomicBoolean();
    private ActorRef<Done> closeAskedBy;

    /**
     * An actor without subscribers.
     *
     * @param clockUs unix microseconds
     * @param nanoTime never steps back
     */
    public static Behavior<Command> create(
            SubscriberConfig config,
            BlockLog log,
            SubscriberMetrics metrics,
            LongSupplier clockUs,
            LongSupplier nanoTime) {
        return create(new Shared(
                config,
                log,
                new SharedFilters(
                        Math.max(MIN_FILTER_BYTES, Runtime.getRuntime().maxMemory() / FILTERS_PART_OF_HEAP)),
                new RateLimits(config.maxEventsPerSecond(), nanoTime),
                new ReplayGate(Math.max(2, Runtime.getRuntime().availableProcessors())),
                metrics,
                clockUs,
                nanoTime));
    }

    static Behavior<Command> create(Shared shared) {
        return Behaviors.setup(context -> new Subscribers(context, shared));
    }

    private Subscribers(ActorContext<Command> context, Shared shared) {
        super(context);
        this.shared = shared;
        ActorRef<Command> self = context.getSelf();
        shared.log().onNewBlocks(() -> {
            if (announced.compareAndSet(false, true)) {
                self.tell(NewBlocks.INSTANCE);
            }
        });
    }

    /**
     * Makes a subscriber for a socket whose upgrade has been answered. Any thread.
     *
     * @return where the transport reports what happens on the socket; usable at once
     */
    public static Socket.Events connect(ActorRef<Command> subscribers, Socket socket, Subscription subscription) {
        Inbox inbox = new Inbox();
        subscribers.tell(new Connect(socket, subscription, inbox));
        return inbox;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(NewBlocks.class, message -> onNewBlocks())
                .onMessage(Connect.class, this::onConnect)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(CloseAll.class, this::onCloseAll)
                .build();
    }

    private Behavior<Command> onNewBlocks() {
        announced.set(false);
        children.values().forEach(Inbox::onNewBlocks);
        return this;
    }

    private Behavior<Command> onConnect(Connect connect) {
        Behavior<Subscriber.Command> subscriber =
                Subscriber.create(shared, connect.socket(), connect.subscription(), connect.inbox());
        ActorRef<Subscriber.Command> child = getContext().spawnAnonymous(subscriber, Subscriber.DISPATCHER);
        getContext().watchWith(child, new Ended(child));
        children.put(child, connect.inbox());
        connect.inbox().open(child);
        if (closeAskedBy != null) {
            child.tell(Subscriber.Signal.SHUTDOWN);
        }
        return this;
    }

    private Behavior<Command> onEnded(Ended ended) {
        children.remove(ended.subscriber());
        answerIfAllClosed();
        return this;
    }

    private Behavior<Command> onCloseAll(CloseAll closeAll) {
        closeAskedBy = closeAll.replyTo();
        children.keySet().forEach(child -> child.tell(Subscriber.Signal.SHUTDOWN));
        answerIfAllClosed();
        return this;
    }

    private void answerIfAllClosed() {
        if (closeAskedBy != null && children.isEmpty()) {
            closeAskedBy.tell(Done.getInstance());
        }
    }
}
