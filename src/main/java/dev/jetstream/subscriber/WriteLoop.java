package dev.jetstream.subscriber;

import dev.jetstream.net.Socket;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Writes from the position on until the socket is full, the tip is reached, a block must be read from the journal first, or
 * others are to have their turn. Used by the subscriber's actor alone.
 */
final class WriteLoop {
    /** Writes in a row before others get their turn. */
    private static final int WRITES_A_TURN = 8;

    /** Time after which a turn ends: others wait for the thread. */
    private static final long MAX_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Blocks between a live subscriber and the tip; one that is further behind replays, and asks the gate for each turn. */
    private static final int LIVE_BLOCKS = 16;

    /** The same for a subscriber that has been at the tip: a short delay must not make it wait in line with those that replay. */
    private static final int MAX_LAG_BLOCKS = 1024;

    /** Pause of a client whose address has had its share. */
    private static final Duration THROTTLED_FOR = Duration.ofMillis(20);

    private final Socket socket;
    private final EventWriter writer;
    private final PositionReader reads;
    private final SubscriberStatus status;
    private final ActorRef<Subscriber.Command> subscriber;
    private final TimerScheduler<Subscriber.Command> timers;
    private final ReplayGate gate;
    private final LongSupplier nanoTime;

    private boolean blocked;
    private boolean continuing;
    private boolean more;
    private boolean asked;
    private boolean granted;
    private boolean finished;
    private boolean isLive;

    WriteLoop(
            Socket socket,
            EventWriter writer,
            PositionReader reads,
            SubscriberStatus status,
            ActorRef<Subscriber.Command> subscriber,
            TimerScheduler<Subscriber.Command> timers,
            ReplayGate gate,
            LongSupplier nanoTime) {
        this.socket = socket;
        this.writer = writer;
        this.reads = reads;
        this.status = status;
        this.subscriber = subscriber;
        this.timers = timers;
        this.gate = gate;
        this.nanoTime = nanoTime;
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

    /** The turn that {@link Subscriber.Signal#REPLAY} stands for has come. */
    void granted() {
        granted = true;
    }

    /** Gives back the turn that was asked for. The last call. */
    void close() {
        if (asked) {
            asked = false;
            gate.cancel(subscriber);
        }
    }

    /** Gives the connection up, unsent bytes too. */
    void abort() {
        finished = true;
        socket.abort();
    }

    /** One turn of writing, of events that pass {@code filter}. */
    void run(SharedFilters.Shared filter) {
        try {
            if (!blocked && !finished) {
                write(filter);
            }
        } finally {
            if (granted) {
                granted = false;
                asked = false;
                gate.done();
            }
        }
        if (more) {
            more = false;
            goOnLater();
        }
    }

    private void write(SharedFilters.Shared filter) {
        long deadline = nanoTime.getAsLong() + MAX_TURN_NANOS;
        try {
            for (int turn = 0; turn < WRITES_A_TURN && nanoTime.getAsLong() - deadline < 0; turn++) {
                boolean ready = readsEvents() && mayRead();
                EventWriter.Outcome outcome = writer.write(ready ? filter : null, deadline);
                if (ready) {
                    isLive |= writer.isAtTip();
                    status.moveTo(writer.isAtTip() ? State.TAILING : State.READING);
                }
                if (outcome != EventWriter.Outcome.MORE) {
                    onOutcome(outcome);
                    return;
                }
            }
            more = true;
        } catch (IOException e) {
            blocked = true;
            socket.abort();
        }
    }

    private void onOutcome(EventWriter.Outcome outcome) {
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

    /** Whether events may be written in this turn; a subscriber that replays asks the gate for a turn first. */
    private boolean mayRead() {
        if (granted || isNearTip()) {
            return true;
        }
        status.moveTo(State.READING);
        askForTurn();
        return false;
    }

    private boolean readsEvents() {
        return reads.isReady() && !writer.pending().isClosing();
    }

    private boolean isNearTip() {
        long behind = writer.blocksBehind();
        isLive &= behind <= MAX_LAG_BLOCKS;
        return isLive || behind <= LIVE_BLOCKS;
    }

    private void askForTurn() {
        if (!asked) {
            asked = true;
            gate.request(subscriber);
        }
    }

    private void goOnLater() {
        if (readsEvents() && !isNearTip()) {
            askForTurn();
        } else if (!continuing) {
            continuing = true;
            subscriber.tell(Subscriber.Signal.CONTINUE);
        }
    }
}
