package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import java.io.IOException;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Writes from the position on until the socket is full, the tip is reached, a block must be read from the journal first, or
 * others are to have their turn. Used by the subscriber's actor alone.
 */
final class Pump {
    /** Writes in a row before others get their turn. */
    private static final int WRITES_A_TURN = 8;

    /** Pause of a client whose address has had its share. */
    private static final Duration THROTTLED_FOR = Duration.ofMillis(20);

    private final Socket socket;
    private final Feed feed;
    private final JournalReads reads;
    private final Standing standing;
    private final ActorRef<Subscriber.Command> subscriber;
    private final TimerScheduler<Subscriber.Command> timers;

    private boolean blocked;
    private boolean continuing;
    private boolean finished;

    Pump(
            Socket socket,
            Feed feed,
            JournalReads reads,
            Standing standing,
            ActorRef<Subscriber.Command> subscriber,
            TimerScheduler<Subscriber.Command> timers) {
        this.socket = socket;
        this.feed = feed;
        this.reads = reads;
        this.standing = standing;
        this.subscriber = subscriber;
        this.timers = timers;
    }

    /** Whether bytes wait for the socket to take more. */
    boolean isBlocked() {
        return blocked;
    }

    /** Whether nothing will be written any more. */
    boolean isFinished() {
        return finished;
    }

    /** The socket takes bytes again, or is to be offered some even so. */
    void unblock() {
        blocked = false;
    }

    /** The turn that {@link Subscriber.Signal#CONTINUE} stands for has come. */
    void continued() {
        continuing = false;
    }

    /** Gives the connection up, unsent bytes too. */
    void abort() {
        finished = true;
        socket.abort();
    }

    /** One turn of writing, of events that pass {@code filter}. */
    void run(SharedFilters.Shared filter) {
        if (blocked || finished) {
            return;
        }
        try {
            for (int turn = 0; turn < WRITES_A_TURN; turn++) {
                boolean ready = reads.isReady();
                Feed.Outcome outcome = feed.write(ready ? filter : null);
                if (ready) {
                    standing.moveTo(feed.isAtTip() ? State.TAILING : State.READING);
                }
                if (outcome != Feed.Outcome.MORE) {
                    onOutcome(outcome);
                    return;
                }
            }
            goOnLater();
        } catch (IOException e) {
            blocked = true;
            socket.abort();
        }
    }

    private void onOutcome(Feed.Outcome outcome) {
        switch (outcome) {
            case BLOCKED -> blocked = true;
            case NEEDS_BLOCK -> reads.load();
            case THROTTLED ->
                timers.startSingleTimer(Subscriber.Signal.CONTINUE, Subscriber.Signal.CONTINUE, THROTTLED_FOR);
            case ENDED -> {
                finished = true;
                socket.finish();
            }
            case DONE, MORE -> {
                // The hub, the client or the clock says when there is more to do.
            }
        }
    }

    private void goOnLater() {
        if (!continuing) {
            continuing = true;
            subscriber.tell(Subscriber.Signal.CONTINUE);
        }
    }
}
