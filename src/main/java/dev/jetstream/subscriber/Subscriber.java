package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.EventStream.ClientMessage;
import dev.jetstream.stream.Subscription;
import dev.jetstream.subscriber.SubscriberMetrics.Connection;
import dev.jetstream.subscriber.SubscriberMetrics.End;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import dev.jetstream.subscriber.Subscribers.Shared;
import dev.jetstream.websocket.CloseFrame;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its filter, its position in the log, and its socket's output, to which nothing else writes.
 *
 * <pre>
 *   AwaitingHello ──first valid options_update──&gt; Reading &lt;──behind the tip / at the tip──&gt; Tailing
 *        │                                           │                                        │
 *        └──────────────── close frame, fault, stall, stop ──&gt; Closing ──&gt; gone ──────────────┘
 * </pre>
 *
 * Each message changes one thing and leads to one turn of the {@link WriteLoop}. A bug ends this one connection and nothing else.
 */
final class Subscriber extends AbstractBehavior<Subscriber.Command> {
    sealed interface Command permits Signal, Text, Parsed, ClientClose, Fault, Found, Loaded {}

    /** Messages that carry nothing. */
    enum Signal implements Command {
        /** New blocks are announced from now on. */
        OPENED,
        /** There are new blocks. */
        NEW_BLOCKS,
        /** The socket takes bytes again. */
        WRITABLE,
        /** A ping waits for its answer. */
        PING,
        /** Continue where the last turn ended. */
        CONTINUE,
        /** The gate grants a turn of replay. */
        REPLAY,
        /** Check the clock. */
        TICK,
        /** The connection is gone. */
        GONE,
        /** The server stops. */
        SHUTDOWN
    }

    /** A text message of the client's. */
    record Text(byte[] utf8) implements Command {}

    /** A large message, read; or the bug that prevented it. */
    record Parsed(ClientMessage message, Throwable failure) implements Command {}

    /** The client's close frame. */
    record ClientClose(int code) implements Command {}

    /** The client broke a rule. */
    record Fault(int code, String reason) implements Command {}

    /** The block that a cursor is in, and the tip when it was asked for; or why the journal cannot be read. */
    record Found(long sequenceNr, long tipThen, long cursorUs, Throwable failure) implements Command {}

    /** The block that was asked for, or the oldest one if retention has deleted it; or why the journal cannot be read. */
    record Loaded(long asked, EventBlock block, Throwable failure) implements Command {}

    /** Threads of subscribers: what clients cause does not delay ingest. */
    static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig("pekko.actor.subscriber-dispatcher");

    /** Threads that parse messages of more than {@link #SMALL_MESSAGE_BYTES}. */
    private static final DispatcherSelector MESSAGE_DISPATCHER =
            DispatcherSelector.fromConfig("pekko.actor.message-dispatcher");

    private static final int SMALL_MESSAGE_BYTES = 2048;
    private static final String SHUTTING_DOWN = "server is shutting down";

    /** Pause of a client whose address has used up its rate. */
    private static final Duration THROTTLED_FOR = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    private final TimerScheduler<Command> timers;
    private final Shared shared;
    private final Socket socket;
    private final Subscription subscription;
    private final Inbox inbox;
    private final TokenBucket updates;
    private final Deadlines deadlines;
    private final Connection connection;
    private final EventWriter writer;
    private final WriteLoop writeLoop;
    private final ConnectionEnd ending;

    private SharedFilters.Shared filter;
    private boolean gone;

    /** A subscriber for a socket; what happens on it comes through {@code inbox}. */
    static Behavior<Command> create(Shared shared, Socket socket, Subscription subscription, Inbox inbox) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            try {
                return new Subscriber(context, timers, shared, socket, subscription, inbox);
            } catch (RuntimeException bug) {
                LOG.error("subscriber could not start client={}", socket.clientAddress(), bug);
                shared.metrics().neverOpened();
                ConnectionEnd.refuse(socket, subscription.encoding().end(CloseFrame.INTERNAL_ERROR, "internal error"));
                return Behaviors.stopped();
            }
        }));
    }

    private Subscriber(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Shared shared,
            Socket socket,
            Subscription subscription,
            Inbox inbox) {
        super(context);
        this.timers = timers;
        this.shared = shared;
        this.socket = socket;
        this.subscription = subscription;
        this.inbox = inbox;
        double updatesPerSecond = shared.config().maxOptionsUpdatesPerSecond();
        updates = new TokenBucket(updatesPerSecond, 2 * updatesPerSecond, shared.nanoTime());
        deadlines = new Deadlines(shared.config());
        timers.startTimerWithFixedDelay(Signal.TICK, Signal.TICK, deadlines.checkEvery());
        State first = subscription.requireHello() ? State.AWAITING_HELLO : State.READING;
        connection = shared.metrics()
        .new Connection(socket.clientAddress(), shared.clockUs().getAsLong(), first);
        writer = new EventWriter(shared, socket, inbox, subscription.encoding());
        writeLoop = new WriteLoop(shared, socket, writer, connection, context.getSelf());
        ending = new ConnectionEnd(writer.pending(), connection, deadlines, shared.nanoTime());
        // The shares come last: nothing after them throws, so none is left over.
        writer.limitTo(shared.rates().join(socket.clientAddress()));
        SharedFilters.Shared wanted = shared.filters().join(subscription.filter());
        filter = wanted == null ? shared.filters().join(Filter.ALL) : wanted;
        report(0);
        connection.open();
        if (wanted == null) {
            ending.onNoRoomForFilter();
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onAnyMessage(this::onCommand)
                .onSignal(PostStop.class, signal -> onPostStop())
                .build();
    }

    private Behavior<Command> onCommand(Command command) {
        try {
            handle(command);
            if (!gone) {
                write();
            }
        } catch (RuntimeException bug) {
            onBug(bug);
        }
        return gone ? Behaviors.stopped() : Behaviors.same();
    }

    private void handle(Command command) {
        if (command instanceof Signal signal) {
            onSignal(signal);
        } else if (command instanceof Text text) {
            onText(text.utf8());
        } else if (command instanceof Parsed parsed) {
            onParsed(parsed);
        } else if (command instanceof Found found) {
            onFound(found);
        } else if (command instanceof Loaded loaded) {
            onLoaded(loaded);
        } else if (command instanceof ClientClose close) {
            ending.onClientClose(close.code());
        } else if (command instanceof Fault fault) {
            ending.onFault(fault);
        }
    }

    private void onSignal(Signal signal) {
        switch (signal) {
            case OPENED -> {
                if (!subscription.requireHello()) {
                    start();
                }
            }
            case WRITABLE -> writeLoop.unblock();
            case PING -> onPing();
            case CONTINUE -> writeLoop.continued();
            case REPLAY -> writeLoop.granted();
            case TICK -> onTick();
            case GONE -> gone = true;
            case SHUTDOWN -> ending.start(CloseFrame.SERVICE_RESTART, SHUTTING_DOWN, End.SHUTDOWN);
            case NEW_BLOCKS -> {
                // The turn that follows reads the log.
            }
        }
    }

    /** One turn of writing, and what it leads to. */
    private void write() {
        switch (writeLoop.run(filter)) {
            case NEEDS_BLOCK -> load();
            case THROTTLED -> timers.startSingleTimer(Signal.CONTINUE, Signal.CONTINUE, THROTTLED_FOR);
            case DONE, MORE, BLOCKED, ENDED -> {
                // The log, the gate, the socket or the client continues.
            }
        }
    }

    /** Starts at the tip of this moment, or finds the place of the cursor. */
    private void start() {
        long tip = shared.log().tip();
        writer.start(tip + 1);
        connection.moveTo(State.READING);
        subscription.cursorUs().ifPresent(cursorUs -> {
            writer.awaitBlock();
            getContext()
                    .pipeToSelf(
                            shared.log().find(cursorUs),
                            (found, failure) -> new Found(failure == null ? found : 0, tip, cursorUs, failure));
        });
    }

    private void onFound(Found found) {
        writer.resume();
        if (found.failure() != null) {
            onUnreadable(found.failure());
            return;
        }
        boolean aboveNewest = found.sequenceNr() > found.tipThen();
        if (!aboveNewest || found.cursorUs() <= shared.clockUs().getAsLong()) {
            shared.metrics().replayStarted();
            writer.seek(Math.min(found.sequenceNr(), found.tipThen() + 1), found.cursorUs());
        }
    }

    private void load() {
        writer.awaitBlock();
        long asked = writer.block();
        getContext().pipeToSelf(shared.log().read(asked), (block, failure) -> new Loaded(asked, block, failure));
    }

    private void onLoaded(Loaded loaded) {
        writer.resume();
        if (loaded.failure() != null) {
            onUnreadable(loaded.failure());
        } else {
            writer.loaded(loaded.asked(), loaded.block());
        }
    }

    private void onUnreadable(Throwable failure) {
        LOG.warn(
                "journal cannot be read client={} position={} reason={}",
                socket.clientAddress(),
                writer.block(),
                failure.toString());
        ending.start(CloseFrame.INTERNAL_ERROR, "the journal cannot be read", End.INTERNAL_ERROR);
    }

    private void onPing() {
        byte[] payload = inbox.takePing();
        if (payload != null && !ending.hasStarted()) {
            writer.pending().pong(payload);
        }
    }

    private void onText(byte[] utf8) {
        if (ending.hasStarted()) {
            return;
        }
        if (!updates.takeOne()) {
            ending.start(CloseFrame.POLICY_VIOLATION, "too many messages", End.TOO_MANY_UPDATES);
        } else if (utf8.length <= SMALL_MESSAGE_BYTES) {
            onMessage(subscription.stream().readMessage(utf8));
        } else {
            var parsing = getContext().getSystem().dispatchers().lookup(MESSAGE_DISPATCHER);
            getContext()
                    .pipeToSelf(
                            CompletableFuture.supplyAsync(
                                    () -> subscription.stream().readMessage(utf8), parsing),
                            Parsed::new);
        }
    }

    private void onParsed(Parsed parsed) {
        if (parsed.failure() != null) {
            throw new IllegalStateException("message could not be read", parsed.failure());
        }
        if (!ending.hasStarted()) {
            onMessage(parsed.message());
        }
    }

    private void onMessage(ClientMessage message) {
        if (message instanceof ClientMessage.Refused refused) {
            ending.onRefused(refused);
            return;
        }
        if (message instanceof ClientMessage.Update update) {
            SharedFilters.Shared joined = shared.filters().join(update.filter());
            if (joined == null) {
                ending.onNoRoomForFilter();
                return;
            }
            shared.metrics().optionsUpdated();
            shared.filters().leave(filter);
            filter = joined;
            if (!writer.hasStarted()) {
                start();
            }
        }
        socket.resumeReading();
    }

    private void onTick() {
        if (writeLoop.isFinished()) {
            return;
        }
        switch (deadlines.at(shared.nanoTime().getAsLong(), writer.lastSentNanos(), writeLoop.isBlocked())) {
            case CLOSE_OVERDUE -> socket.abort();
            case STALLED -> onStalled();
            case KEEP_ALIVE -> writer.pending().keepAlive();
            case IN_TIME -> {
                // Only the report is due.
            }
        }
        long behind = writer.hasStarted() ? writer.behindTip() : 0;
        if (writer.hasStarted() && !ending.hasStarted()) {
            shared.metrics().behind(behind);
        }
        report(behind);
    }

    private void report(long behind) {
        connection.report(filter.filter(), behind, writer.sentEvents());
    }

    /** The full socket is offered the close frame once, then aborted: the client may see only a reset. */
    private void onStalled() {
        LOG.info("consumer too slow client={} behind_events={}", socket.clientAddress(), writer.behindTip());
        ending.force(CloseFrame.POLICY_VIOLATION, "consumer too slow", End.TOO_SLOW);
        writeLoop.unblock();
        write();
        writeLoop.abort();
    }

    private void onBug(RuntimeException bug) {
        if (ending.hasStarted()) {
            writeLoop.abort();
        }
        LOG.error("subscriber failed client={} position={}", socket.clientAddress(), writer.block(), bug);
        ending.force(CloseFrame.INTERNAL_ERROR, "internal error", End.INTERNAL_ERROR);
        write();
    }

    /** The parent has stopped, and this actor with it: the client learns it if the socket has room. */
    private void leave() {
        if (writeLoop.isBlocked() || ending.hasStarted() || !writer.pending().isEmpty()) {
            socket.abort();
        } else {
            ConnectionEnd.refuse(socket, subscription.encoding().end(CloseFrame.SERVICE_RESTART, SHUTTING_DOWN));
        }
    }

    private Behavior<Command> onPostStop() {
        if (!gone) {
            leave();
        }
        writeLoop.close();
        shared.filters().leave(filter);
        shared.rates().leave(socket.clientAddress());
        connection.close();
        return this;
    }
}
