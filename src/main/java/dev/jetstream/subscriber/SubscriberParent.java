package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.stream.Subscription;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** The parent of one {@link Subscriber} per connection: spawns and watches them, and closes all when the server stops. */
public final class SubscriberParent extends AbstractBehavior<SubscriberParent.Command> {
    /** A message to this actor. */
    public sealed interface Command permits Connect, CloseAll, Ended {}

    /** A socket whose upgrade is answered. */
    record Connect(Socket socket, Subscription request, SubscriberEvents events) implements Command {}

    /** Close every connection, also those that still come, with 1001. Answered when none is left. */
    record CloseAll(ActorRef<Done> replyTo) implements Command {}

    /** A child has stopped, for whatever reason. */
    private record Ended(ActorRef<Subscriber.Command> subscriber) implements Command {}

    private final SubscriberSettings all;
    private final Set<SubscriberEvents> open;
    private final Map<ActorRef<Subscriber.Command>, SubscriberEvents> children = new HashMap<>();
    private ActorRef<Done> closeAskedBy;

    /** @param open every connection from its arrival until its subscriber has stopped; any thread may read it */
    static Behavior<Command> create(SubscriberSettings all, Set<SubscriberEvents> open) {
        return Behaviors.setup(context -> new SubscriberParent(context, all, open));
    }

    private SubscriberParent(ActorContext<Command> context, SubscriberSettings all, Set<SubscriberEvents> open) {
        super(context);
        this.all = all;
        this.open = open;
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Connect.class, this::onConnect)
                .onMessage(Ended.class, this::onEnded)
                .onMessage(CloseAll.class, this::onCloseAll)
                .build();
    }

    private Behavior<Command> onConnect(Connect connect) {
        SubscriberEvents events = connect.events();
        ActorRef<Subscriber.Command> child = getContext()
                .spawnAnonymous(
                        Subscriber.create(all, connect.socket(), connect.request(), events), Subscriber.DISPATCHER);
        getContext().watchWith(child, new Ended(child));
        children.put(child, events);
        events.open(child, all.hub());
        if (closeAskedBy != null) {
            child.tell(Subscriber.Signal.SHUTDOWN);
        }
        return this;
    }

    private Behavior<Command> onEnded(Ended ended) {
        SubscriberEvents events = children.remove(ended.subscriber());
        events.close();
        open.remove(events);
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
