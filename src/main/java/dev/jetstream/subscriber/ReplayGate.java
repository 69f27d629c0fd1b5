package dev.jetstream.subscriber;

import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Bounds the number of subscribers that replay at the same time, in FIFO order. Subscribers near the tip do not ask, so a live one
 * waits for at most these turns, however many replay. Any thread.
 */
final class ReplayGate {
    private final int permits;
    private final Queue<ActorRef<Subscriber.Command>> waiting = new ArrayDeque<>();
    private int granted;

    /** @param permits turns at the same time */
    ReplayGate(int permits) {
        this.permits = permits;
    }

    /** Asks for one turn: {@link Subscriber.Signal#REPLAY} grants it, {@link #done} or {@link #cancel} ends it. */
    synchronized void request(ActorRef<Subscriber.Command> subscriber) {
        if (granted < permits) {
            granted++;
            subscriber.tell(Subscriber.Signal.REPLAY);
        } else {
            waiting.add(subscriber);
        }
    }

    /** Ends a turn and grants the next. */
    synchronized void done() {
        ActorRef<Subscriber.Command> next = waiting.poll();
        if (next == null) {
            granted--;
        } else {
            next.tell(Subscriber.Signal.REPLAY);
        }
    }

    /** Ends a request, granted or not: the subscriber stops. */
    synchronized void cancel(ActorRef<Subscriber.Command> subscriber) {
        if (!waiting.remove(subscriber)) {
            done();
        }
    }

    /** Turns granted and not ended. */
    synchronized int granted() {
        return granted;
    }
}
