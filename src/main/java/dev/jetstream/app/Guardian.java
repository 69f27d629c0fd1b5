package dev.jetstream.app;

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
 * The root of all actors. Its children live as long as the server: when one fails, the server stops with exit code 1.
 *
 * <pre>
 *   Guardian ─┬─ ingest        {@link Ingest}: runs the pipeline
 *             ├─ subscribers   {@link dev.jetstream.subscriber.SubscriberParent}: one child per connection
 *             └─ watch         {@link Watch}: looks at clock and rate once a second
 * </pre>
 */
final class Guardian extends AbstractBehavior<Guardian.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** A message to this actor. */
    sealed interface Command permits Start, Failed {}

    /** Start a child. Answered with its address. */
    record Start<T>(String name, Behavior<T> child, ActorRef<ActorRef<T>> replyTo) implements Command {}

    /** Something that the server cannot do without has ended. */
    record Failed(String reason) implements Command {}

    /** Why the server stops: on request with exit code 0, after a failure with 1. */
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
