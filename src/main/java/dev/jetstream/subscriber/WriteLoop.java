package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.subscriber.EventWriter.Outcome;
import dev.jetstream.subscriber.SubscriberMetrics.Connection;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import dev.jetstream.subscriber.Subscribers.Shared;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Writes from the position on until the socket is full, the tip is reached, a block must be read from the journal, or the turn is
 * over. Used by the subscriber's actor alone.
 */
final class WriteLoop {
    private static final int WRITES_PER_TURN = 8;

    /** Time after which a turn ends: others wait for the thread. */
    private static final long MAX_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** A subscriber that is further behind the tip replays: it asks the gate for each turn. */
    private static final int LIVE_BLOCKS = 16;

    /** The same for one that has been at the tip: a short delay must not make it queue with those that replay. */
    private static final int MAX_LAG_BLOCKS = 1024;

    private final Shared shared;
    private final Socket socket;
    private final EventWriter writer;
    private final Connection connection;
    private final ActorRef<Subscriber.Command> subscriber;

    private boolean blocked;
    private boolean continuing;
    private boolean asked;
    private boolean granted;
    private boolean finished;
    private boolean isLive;

    WriteLoop(
            Shared shared,
            Socket socket,
            EventWriter writer,
            Connection connection,
            ActorRef<Subscriber.Command> subscriber) {
        this.shared = shared;
        this.socket = socket;
        this.writer = writer;
        this.connection = connection;
        this.subscriber = subscriber;
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

    /** {@link Subscriber.Signal#CONTINUE} has arrived. */
    void continued() {
        continuing = false;
    }

    /** {@link Subscriber.Signal#REPLAY} has arrived. */
    void granted() {
        granted = true;
    }

    /** Gives back the turn that was asked for. The last call. */
    void close() {
        if (asked) {
            asked = false;
            shared.gate().cancel(subscriber);
        }
    }

    /** Drops the connection, unsent bytes too. */
    void abort() {
        finished = true;
        socket.abort();
    }

    /** One turn of writing events that pass {@code filter}. */
    Outcome run(SharedFilters.Shared filter) {
        Outcome outcome = Outcome.DONE;
        try {
            if (!blocked && !finished) {
                outcome = write(filter);
            }
        } finally {
            if (granted) {
                granted = false;
                asked = false;
                shared.gate().done();
            }
        }
        switch (outcome) {
            case BLOCKED -> blocked = true;
            case MORE -> continueLater();
            case ENDED -> {
                finished = true;
                socket.finish();
            }
            case DONE, NEEDS_BLOCK, THROTTLED -> {
                // For the caller.
            }
        }
        return outcome;
    }

    private Outcome write(SharedFilters.Shared filter) {
        long deadline = shared.nanoTime().getAsLong() + MAX_TURN_NANOS;
        try {
            for (int i = 0; i < WRITES_PER_TURN && shared.nanoTime().getAsLong() - deadline < 0; i++) {
                boolean ready = writer.isReady() && mayRead();
                Outcome outcome = writer.write(ready ? filter : null, deadline);
                if (ready) {
                    isLive |= writer.isAtTip();
                    connection.moveTo(writer.isAtTip() ? State.TAILING : State.READING);
                }
                if (outcome != Outcome.MORE) {
                    return outcome;
                }
            }
            return Outcome.MORE;
        } catch (IOException e) {
            socket.abort();
            return Outcome.BLOCKED;
        }
    }

    /** Whether events may be written in this turn; a subscriber that replays asks the gate for one first. */
    private boolean mayRead() {
        if (granted || isNearTip()) {
            return true;
        }
        connection.moveTo(State.READING);
        askForTurn();
        return false;
    }

    private boolean isNearTip() {
        long behind = writer.blocksBehind();
        isLive &= behind <= MAX_LAG_BLOCKS;
        return isLive || behind <= LIVE_BLOCKS;
    }

    private void askForTurn() {
        if (!asked) {
            asked = true;
            shared.gate().request(subscriber);
        }
    }

    private void continueLater() {
        if (writer.isReady() && !isNearTip()) {
            askForTurn();
        } else if (!continuing) {
            continuing = true;
            subscriber.tell(Subscriber.Signal.CONTINUE);
        }
    }
}
