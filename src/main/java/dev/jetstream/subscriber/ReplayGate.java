package dev.jetstream.subscriber;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Bounds how many replaying subscribers work at the same time, first come, first served. Subscribers near the tip do not ask, so
 * that a live one waits for at most the turns under way, however many replay. Any thread.
 */
final class ReplayGate {
    private final int permits;
    private final Queue<ActorRef<Subscriber.Command>> waiting = new ArrayDeque<>();
    private int granted;

    /** @param permits turns at the same time */
    ReplayGate(int permits) {
        this.permits = permits;
    }

    /** Asks for one turn: {@link Subscriber.Signal#REPLAY} says that it has come, and {@link #done} or {@link #cancel} ends it. */
    synchronized void request(ActorRef<Subscriber.Command> subscriber) {
        if (granted < permits) {
            granted++;
            subscriber.tell(Subscriber.Signal.REPLAY);
        } else {
            waiting.add(subscriber);
        }
    }

    /** The turn is over: the next subscriber has its own. */
    synchronized void done() {
        ActorRef<Subscriber.Command> next = waiting.poll();
        if (next == null) {
            granted--;
        } else {
            next.tell(Subscriber.Signal.REPLAY);
        }
    }

    /** Ends a request that may have been granted: the subscriber stops. */
    synchronized void cancel(ActorRef<Subscriber.Command> subscriber) {
        if (!waiting.remove(subscriber)) {
            done();
        }
    }

    /** Turns granted and not over yet. */
    synchronized int granted() {
        return granted;
    }
}
