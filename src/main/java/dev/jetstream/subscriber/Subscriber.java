package dev.jetstream.subscriber;

import dev.jetstream.event.EventBlock;
import dev.jetstream.metrics.SubscriberMetrics.End;
import dev.jetstream.metrics.SubscriberMetrics.State;
import dev.jetstream.websocket.CloseFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its filter, its position in the stream, and the only hand that writes to its socket.
 *
 * <pre>
 *   AwaitingHello ──first valid options_update──&gt; Reading &lt;──behind the tip / at the tip──&gt; Tailing
 *        │                                           │                                        │
 *        └───────────────── close frame, fault, stall, stop ──&gt; Closing ──&gt; gone ─────────────┘
 * </pre>
 *
 * Each message leads to {@link #pump}, which writes from the position on until the socket is full, the tip is reached, or a block
 * must be read from the journal first.
 */
final class Subscriber extends AbstractBehavior<Subscriber.Command> {
    /** Our own: the context's goes by the name of one of Pekko's classes, whose INFO is not printed. */
    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    /** Writes in a row before others get their turn. */
    private static final int WRITES_A_TURN = 8;

    /** Pause of a client whose address has had its share. */
    private static final Duration THROTTLED_FOR = Duration.ofMillis(20);

    sealed interface Command {}

    /** Messages that carry nothing. */
    enum Signal implements Command {
        /** A new block is durable. */
        NEWS,
        /** The socket takes bytes again. */
        WRITABLE,
        /** A ping is to be answered. */
        PING,
        /** Go on where the last turn ended. */
        CONTINUE,
        /** Look at the clock. */
        TICK,
        /** The connection is gone. */
        GONE,
        /** The server stops. */
        SHUTDOWN
    }

    /** A text message of the client's. */
    record Text(byte[] utf8) implements Command {}

    /** The client's close frame. */
    record ClientClose(int code) implements Command {}

    /** The client broke a rule. */
    record Fault(int code, String reason) implements Command {}

    private record Found(long sequenceNr, long tipThen, long cursorUs, Throwable failure) implements Command {}

    private record Loaded(long asked, EventBlock block, Throwable failure) implements Command {}

    private final SubscriberSettings all;
    private final Socket socket;
    private final SubscriberEvents events;
    private final AtomicReference<byte[]> latestPing;
    private final RateLimits.Bucket bucket;
    private final TimerScheduler<Command> timers;
    private final UpdateRate updates;
    private final Feed feed;
    private final Outbox outbox;
    private final long sinceUs;

    private SharedFilters.Shared filter;
    private SubscribeRequest awaitingHello;
    private boolean started;
    private boolean loading;
    private boolean blocked;
    private boolean finished;
    private boolean gone;
    private boolean continuing;
    private State state;
    private End end = End.GONE;
    private long closingSinceNanos;

    /** A subscriber for a socket; what happens on it comes through {@code events}. */
    static Behavior<Command> create(
            SubscriberSettings all, Socket socket, SubscribeRequest request, SubscriberEvents events) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new Subscriber(context, timers, all, socket, request, events)));
    }

    private Subscriber(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SubscriberSettings all,
            Socket socket,
            SubscribeRequest request,
            SubscriberEvents events) {
        super(context);
        this.all = all;
        this.socket = socket;
        this.events = events;
        this.timers = timers;
        updates = new UpdateRate(
                all.config().maxOptionsUpdatesPerSecond(), all.nanoTime().getAsLong());
        latestPing = events.latestPing();
        filter = all.filters().join(request.filter());
        bucket = all.rates().join(socket.clientAddress());
        feed = new Feed(all, socket, events, request.representation(), bucket);
        outbox = feed.outbox();
        sinceUs = all.clockUs().getAsLong();
        state = request.requireHello() ? State.AWAITING_HELLO : State.READING;
        all.metrics().opened(state);
        timers.startTimerWithFixedDelay(Signal.TICK, Signal.TICK, tickInterval());
        if (request.requireHello()) {
            awaitingHello = request;
        } else {
            guarded(() -> start(request));
        }
        report(0);
    }

    private Duration tickInterval() {
        Duration shorter = all.config().pingInterval().compareTo(all.config().stallTimeout()) < 0
                ? all.config().pingInterval()
                : all.config().stallTimeout();
        return shorter.dividedBy(4).compareTo(Duration.ofMillis(20)) < 0 ? Duration.ofMillis(20) : shorter.dividedBy(4);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        guarded(() -> {
            if (command instanceof Signal signal) {
                onSignal(signal);
            } else if (command instanceof Text text) {
                onText(text.utf8());
            } else if (command instanceof Loaded done) {
                onLoaded(done);
            } else if (command instanceof Found found) {
                onFound(found);
            } else if (command instanceof ClientClose close) {
                onClientClose(close.code());
            } else if (command instanceof Fault fault) {
                onFault(fault);
            }
        });
        return gone ? Behaviors.stopped() : Behaviors.same();
    }

    /** A bug in here ends this one connection, with 1011, and nothing else. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error(
                    "subscriber failed client={} position={}",
                    socket.clientAddress(),
                    feed.position().block(),
                    e);
            end = End.INTERNAL_ERROR;
            if (outbox.isClosing()) {
                socket.abort();
            } else {
                close(CloseFrame.INTERNAL_ERROR, "internal error", End.INTERNAL_ERROR);
            }
        }
    }

    private void onSignal(Signal signal) {
        switch (signal) {
            case NEWS -> pump();
            case WRITABLE -> {
                blocked = false;
                pump();
            }
            case PING -> {
                byte[] payload = latestPing.getAndSet(null);
                if (payload != null && !outbox.isClosing()) {
                    outbox.pong(payload);
                    pump();
                }
            }
            case CONTINUE -> {
                continuing = false;
                pump();
            }
            case TICK -> onTick();
            case GONE -> gone = true;
            case SHUTDOWN -> close(CloseFrame.GOING_AWAY, "server is shutting down", End.SHUTDOWN);
        }
    }

    private void start(SubscribeRequest request) {
        started = true;
        long tip = all.log().tip();
        feed.position().moveTo(tip + 1);
        moveTo(State.READING);
        if (request.cursorUs().isEmpty()) {
            pump();
            return;
        }
        long cursor = request.cursorUs().getAsLong();
        loading = true;
        getContext()
                .pipeToSelf(
                        all.log().find(cursor),
                        (found, failure) -> new Found(failure == null ? found : 0, tip, cursor, failure));
    }

    private void onFound(Found found) {
        loading = false;
        if (found.failure() != null) {
            unreadable(found.failure());
            return;
        }
        boolean aboveNewest = found.sequenceNr() > found.tipThen();
        if (!aboveNewest || found.cursorUs() <= all.clockUs().getAsLong()) {
            all.metrics().replayStarted();
            feed.position().moveTo(Math.min(found.sequenceNr(), found.tipThen() + 1));
            feed.position().notBefore(found.cursorUs());
        }
        pump();
    }

    private void onLoaded(Loaded done) {
        loading = false;
        if (done.failure() != null) {
            unreadable(done.failure());
            return;
        }
        // A write that was taken only in part may have brought the position back since.
        if (feed.position().block() == done.asked() && done.block().sequenceNr() > done.asked()) {
            all.metrics().positionGone();
            feed.position().moveTo(done.block().sequenceNr());
        }
        feed.loaded(done.block());
        pump();
    }

    private void unreadable(Throwable failure) {
        LOG.warn(
                "journal cannot be read client={} position={} reason={}",
                socket.clientAddress(),
                feed.position().block(),
                failure.toString());
        close(CloseFrame.INTERNAL_ERROR, "the journal cannot be read", End.INTERNAL_ERROR);
    }

    private void onText(byte[] utf8) {
        if (outbox.isClosing()) {
            return;
        }
        if (!updates.admit(all.nanoTime().getAsLong())) {
            close(CloseFrame.POLICY_VIOLATION, "too many messages", End.TOO_MANY_UPDATES);
            return;
        }
        OptionsUpdate update = OptionsUpdate.read(utf8);
        if (update instanceof OptionsUpdate.Refused refused) {
            End why = refused.code() == CloseFrame.BAD_DATA ? End.BAD_DATA : End.INVALID_OPTIONS;
            close(refused.code(), refused.reason(), why);
            return;
        }
        if (update instanceof OptionsUpdate.Update wishes) {
            all.metrics().optionsUpdated();
            SharedFilters.Shared old = filter;
            filter = all.filters().join(wishes.options().filter());
            all.filters().leave(old);
            if (awaitingHello != null) {
                SubscribeRequest request = awaitingHello;
                awaitingHello = null;
                start(request);
            }
        }
        socket.resumeReading();
    }

    private void onClientClose(int code) {
        if (outbox.isClosing()) {
            return;
        }
        boolean echo = CloseFrame.mayBeSent(code);
        close(echo ? code : CloseFrame.NORMAL, "", End.CLIENT_CLOSED);
    }

    private void onFault(Fault fault) {
        End why =
                switch (fault.code()) {
                    case CloseFrame.TOO_BIG -> End.TOO_BIG;
                    case CloseFrame.BAD_DATA -> End.BAD_DATA;
                    default -> End.PROTOCOL_ERROR;
                };
        close(fault.code(), fault.reason(), why);
    }

    private void close(int code, String reason, End why) {
        if (outbox.isClosing()) {
            return;
        }
        end = why;
        closingSinceNanos = all.nanoTime().getAsLong();
        outbox.close(code, reason);
        moveTo(State.CLOSING);
        pump();
    }

    private void onTick() {
        long now = all.nanoTime().getAsLong();
        if (finished) {
            return;
        }
        if (outbox.isClosing()
                && now - closingSinceNanos >= all.config().closeTimeout().toNanos()) {
            socket.abort();
        } else if (blocked
                && now - feed.lastSentNanos() >= all.config().stallTimeout().toNanos()) {
            endStalled();
        } else if (!blocked
                && !outbox.isClosing()
                && now - feed.lastSentNanos() >= all.config().pingInterval().toNanos()) {
            outbox.keepAlive();
            pump();
        }
        long behind = started ? feed.behindTip() : 0;
        if (started && !outbox.isClosing()) {
            all.metrics().behind(behind);
        }
        report(behind);
    }

    private void report(long behind) {
        int collections = filter.filter().collections().size();
        int dids = filter.filter().dids().size();
        events.report(new ConnectionReport(
                socket.clientAddress(),
                ConnectionReport.label(state),
                collections,
                dids,
                behind,
                feed.sentEvents(),
                sinceUs));
    }

    private void endStalled() {
        LOG.info("consumer too slow client={} behind_events={}", socket.clientAddress(), feed.behindTip());
        end = End.TOO_SLOW;
        if (!outbox.isClosing()) {
            outbox.close(CloseFrame.POLICY_VIOLATION, "consumer too slow");
            blocked = false;
            pump();
        }
        finished = true;
        socket.abort();
    }

    /** Writes until there is nothing to write, the socket is full, or the turn is over. */
    private void pump() {
        if (blocked || finished || gone) {
            return;
        }
        try {
            for (int turn = 0; turn < WRITES_A_TURN; turn++) {
                boolean reads = started && !loading;
                Feed.Outcome outcome = feed.write(reads ? filter : null);
                if (reads) {
                    moveTo(feed.isAtTip() ? State.TAILING : State.READING);
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
            case NEEDS_BLOCK -> load();
            case THROTTLED -> timers.startSingleTimer(Signal.CONTINUE, Signal.CONTINUE, THROTTLED_FOR);
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
            getContext().getSelf().tell(Signal.CONTINUE);
        }
    }

    private void load() {
        loading = true;
        long asked = feed.position().block();
        getContext().pipeToSelf(all.log().read(asked), (block, failure) -> new Loaded(asked, block, failure));
    }

    private void moveTo(State next) {
        if (state != next && state != State.CLOSING) {
            all.metrics().moved(state, next);
            state = next;
        }
    }

    private Behavior<Command> onPostStop() {
        if (!gone) {
            socket.abort();
        }
        events.close();
        all.filters().leave(filter);
        all.rates().leave(bucket);
        all.metrics().closed(state, end);
        return this;
    }
}
