package dev.jetstream.subscriber;

import dev.jetstream.common.TokenBucket;
import dev.jetstream.event.Filter;
import dev.jetstream.net.Socket;
import dev.jetstream.stream.ClientMessage;
import dev.jetstream.stream.EventStream;
import dev.jetstream.stream.Subscription;
import dev.jetstream.subscriber.SubscriberMetrics.State;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One client: its filter, its position in the stream, and the only hand that writes to its socket.
 *
 * <pre>
 *   AwaitingHello ──first valid options_update──&gt; Reading &lt;──behind the tip / at the tip──&gt; Tailing
 *        │                                           │                                        │
 *        └───────────────── close frame, fault, stall, stop ──&gt; Closing ──&gt; gone ─────────────┘
 * </pre>
 *
 * Each message changes one thing and leads to one turn of the {@link WriteLoop}: {@link PositionReader} move the position,
 * {@link ConnectionEnd} has the close frames, {@link Deadlines} say when a silent or stuck connection is acted on, {@link SubscriberStatus} tells
 * others how it fares.
 */
final class Subscriber extends AbstractBehavior<Subscriber.Command> {
    sealed interface Command permits Signal, Text, Parsed, ClientClose, Fault, PositionReader.Answer {}

    /** Messages that carry nothing. */
    enum Signal implements Command {
        /** The hub tells of news from now on. */
        OPENED,
        /** A new block is durable. */
        NEWS,
        /** The socket takes bytes again. */
        WRITABLE,
        /** A ping is to be answered. */
        PING,
        /** Go on where the last turn ended. */
        CONTINUE,
        /** The gate lets this subscriber replay for one turn. */
        REPLAY,
        /** Look at the clock. */
        TICK,
        /** The connection is gone. */
        GONE,
        /** The server stops. */
        SHUTDOWN
    }

    /** A text message of the client's. */
    record Text(byte[] utf8) implements Command {}

    /** What a large message asks for; or why it could not be read, which is a bug. */
    record Parsed(ClientMessage update, Throwable failure) implements Command {}

    /** The client's close frame. */
    record ClientClose(int code) implements Command {}

    /** The client broke a rule. */
    record Fault(int code, String reason) implements Command {}

    /** Threads of subscribers: what clients cause does not keep ingest waiting. */
    static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig("pekko.actor.subscriber-dispatcher");

    /** Threads that parse messages of more than {@link #SMALL_MESSAGE_BYTES}. */
    private static final DispatcherSelector MESSAGE_DISPATCHER =
            DispatcherSelector.fromConfig("pekko.actor.message-dispatcher");

    private static final int SMALL_MESSAGE_BYTES = 2048;

    private final SubscriberSettings all;
    private final EventStream stream;
    private final Socket socket;
    private final SubscriberEvents events;
    private final TokenBucket updates;
    private final Deadlines deadlines;
    private final SubscriberStatus status;
    private final EventWriter writer;
    private final PositionReader reads;
    private final WriteLoop writeLoop;
    private final ConnectionEnd ending;

    private SharedFilters.Shared filter;
    private Subscription waiting;
    private boolean gone;

    /** A subscriber for a socket; what happens on it comes through {@code events}. */
    static Behavior<Command> create(
            SubscriberSettings all, Socket socket, Subscription request, SubscriberEvents events) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            try {
                return new Subscriber(context, timers, all, socket, request, events);
            } catch (RuntimeException bug) {
                ConnectionEnd.beforeBegin(all.metrics(), socket, request, bug);
                return Behaviors.stopped();
            }
        }));
    }

    private Subscriber(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            SubscriberSettings all,
            Socket socket,
            Subscription request,
            SubscriberEvents events) {
        super(context);
        this.all = all;
        stream = request.stream();
        this.socket = socket;
        this.events = events;
        double updatesPerSecond = all.config().maxOptionsUpdatesPerSecond();
        updates = new TokenBucket(updatesPerSecond, 2 * updatesPerSecond, all.nanoTime());
        deadlines = new Deadlines(all.config());
        String client = socket.clientAddress();
        status = new SubscriberStatus(
                all.metrics(),
                client,
                all.clockUs().getAsLong(),
                request.requireHello() ? State.AWAITING_HELLO : State.READING);
        SharedFilters.Shared wanted = all.filters().join(request.filter());
        filter = wanted == null ? all.filters().join(Filter.ALL) : wanted;
        TokenBucket bucket = all.rates().join(client);
        try {
            writer = new EventWriter(all, socket, events, request.encoding(), bucket);
            reads = new PositionReader(context, all, writer);
            writeLoop =
                    new WriteLoop(socket, writer, reads, status, context.getSelf(), timers, all.gate(), all.nanoTime());
            ending = new ConnectionEnd(socket, writer, status, deadlines, all.nanoTime());
            timers.startTimerWithFixedDelay(Signal.TICK, Signal.TICK, deadlines.lookEvery());
            waiting = request;
            report(0);
        } catch (RuntimeException bug) {
            giveBackShares(client);
            throw bug;
        }
        status.begin();
        if (wanted == null) {
            ending.onNoRoomForFilter();
        }
    }

    private void giveBackShares(String client) {
        all.filters().leave(filter);
        all.rates().leave(client);
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
                writeLoop.run(filter);
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
        } else if (command instanceof PositionReader.Answer answer) {
            onAnswer(answer);
        } else if (command instanceof ClientClose close) {
            ending.onClientClose(close.code());
        } else if (command instanceof Fault fault) {
            ending.onFault(fault.code(), fault.reason());
        }
    }

    private void onSignal(Signal signal) {
        switch (signal) {
            case OPENED -> {
                if (!waiting.requireHello()) {
                    begin();
                }
            }
            case WRITABLE -> writeLoop.unblock();
            case PING -> onPing();
            case CONTINUE -> writeLoop.continued();
            case REPLAY -> writeLoop.granted();
            case TICK -> onTick();
            case GONE -> gone = true;
            case SHUTDOWN -> ending.onShutdown();
            case NEWS -> {
                // The writeLoop looks at the log.
            }
        }
    }

    /** A bug in here ends this one connection and nothing else. */
    private void onBug(RuntimeException bug) {
        if (ending.hasBegun()) {
            writeLoop.abort();
        }
        ending.onBug(bug);
        writeLoop.run(filter);
    }

    private void begin() {
        reads.begin(waiting.cursorUs());
        waiting = null;
        status.moveTo(State.READING);
    }

    private void onAnswer(PositionReader.Answer answer) {
        reads.onAnswer(answer);
        if (answer.failure() != null) {
            ending.onUnreadable(answer.failure());
        }
    }

    private void onPing() {
        byte[] payload = events.takePing();
        if (payload != null && !ending.hasBegun()) {
            writer.pending().pong(payload);
        }
    }

    private void onText(byte[] utf8) {
        if (ending.hasBegun()) {
            return;
        }
        if (!updates.takeOne()) {
            ending.onTooManyMessages();
            return;
        }
        if (utf8.length <= SMALL_MESSAGE_BYTES) {
            onMessage(stream.readMessage(utf8));
        } else {
            var parsing = getContext().getSystem().dispatchers().lookup(MESSAGE_DISPATCHER);
            getContext()
                    .pipeToSelf(CompletableFuture.supplyAsync(() -> stream.readMessage(utf8), parsing), Parsed::new);
        }
    }

    private void onParsed(Parsed parsed) {
        if (parsed.failure() != null) {
            throw new IllegalStateException("message could not be read", parsed.failure());
        }
        if (!ending.hasBegun()) {
            onMessage(parsed.update());
        }
    }

    private void onMessage(ClientMessage update) {
        if (update instanceof ClientMessage.Refused refused) {
            ending.onRefused(refused);
            return;
        }
        if (update instanceof ClientMessage.Update replacement) {
            onUpdate(replacement.filter());
        }
        socket.resumeReading();
    }

    private void onUpdate(Filter wanted) {
        SharedFilters.Shared joined = all.filters().join(wanted);
        if (joined == null) {
            ending.onNoRoomForFilter();
            return;
        }
        all.metrics().optionsUpdated();
        all.filters().leave(filter);
        filter = joined;
        if (waiting != null) {
            begin();
        }
    }

    private void onTick() {
        if (writeLoop.isFinished()) {
            return;
        }
        switch (deadlines.at(all.nanoTime().getAsLong(), writer.lastSentNanos(), writeLoop.isBlocked())) {
            case CLOSE_OVERDUE -> socket.abort();
            case STALLED -> onStalled();
            case KEEP_ALIVE -> writer.pending().keepAlive();
            case IN_TIME -> {
                // Nothing to do but to say so.
            }
        }
        long behind = reads.hasBegun() ? writer.behindTip() : 0;
        if (reads.hasBegun() && !ending.hasBegun()) {
            all.metrics().behind(behind);
        }
        report(behind);
    }

    /** The close frame is offered to the full socket once, then the connection is given up. */
    private void onStalled() {
        ending.onStalled();
        writeLoop.unblock();
        writeLoop.run(filter);
        writeLoop.abort();
    }

    private void report(long behind) {
        events.report(status.report(filter.filter(), behind, writer.sentEvents()));
    }

    private Behavior<Command> onPostStop() {
        if (!gone) {
            socket.abort();
        }
        writeLoop.close();
        giveBackShares(socket.clientAddress());
        status.gone();
        return this;
    }
}
