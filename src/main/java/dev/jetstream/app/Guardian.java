package dev.jetstream.app;

import java.time.Duration;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The root of all actors. Its children live as long as the server: if one fails, the server stops with exit code 1.
 *
 * <pre>
 *   Guardian ─┬─ ingest        {@link Ingest}: runs the pipeline; its child writes the journal
 *             ├─ subscribers   {@link dev.jetstream.subscriber.Subscribers}: one child per connection
 *             └─ watch         {@link #everySecond}: looks at clock and rate
 * </pre>
 */
final class Guardian extends AbstractBehavior<Guardian.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** A message to this actor. */
    sealed interface Command permits Start, Failed {}

    /** Start a child. Answered with its address. */
    record Start<T>(String name, Behavior<T> child, ActorRef<ActorRef<T>> replyTo) implements Command {}

    /** A part that the server needs has ended. */
    record Failed(String reason) implements Command {}

    /** Why the server stops: with exit code 0 on request, with 1 after a failure. */
    enum StopReason implements CoordinatedShutdown.Reason {
        REQUESTED,
        FAILED
    }

    static Behavior<Command> create() {
        return Behaviors.setup(Guardian::new);
    }

    private Guardian(ActorContext<Command> context) {
        super(context);
    }

    /** @param action called at once, then every second; must not block */
    static Behavior<Runnable> everySecond(Runnable action) {
        return Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(action, Duration.ZERO, Duration.ofSeconds(1));
            return Behaviors.receiveMessage(due -> {
                due.run();
                return Behaviors.same();
            });
        });
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Failed.class, this::onFailed)
                .onMessage(Start.class, start -> onStart((Start<?>) start))
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, stopped -> this)
                .build();
    }

    private <T> Behavior<Command> onStart(Start<T> start) {
        ActorRef<T> child = getContext().spawn(start.child(), start.name());
        getContext().watch(child);
        start.replyTo().tell(child);
        return this;
    }

    private Behavior<Command> onChildFailed(ChildFailed child) {
        return onFailed(new Failed(child.getRef().path().name() + " failed: " + child.getCause()));
    }

    private Behavior<Command> onFailed(Failed failed) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(getContext().getSystem());
        if (shutdown.getShutdownReason().isEmpty()) {
            LOG.error("the server cannot continue and stops reason={}", failed.reason());
            shutdown.runAll(StopReason.FAILED);
        }
        return this;
    }
}
