package dev.jetstream.app;

import dev.jetstream.common.Text;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.write.JournalState;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline from the relay to the journal, and restarts it with a backoff when it fails, from where the journal then
 * ends.
 *
 * <pre>
 *   STARTING ──journal's end known──&gt; RUNNING ──failed──&gt; BACKING_OFF ──&gt; STARTING
 *       │                                │                     │
 *       └──────────────── Stop ──────────┴──&gt; STOPPING &lt;───────┘──&gt; stopped
 * </pre>
 *
 * Hub and block log outlive a run, so subscribers see only a pause. {@link Restarts} decides when to give up.
 */
final class Ingest extends AbstractBehavior<Ingest.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** A message to this actor. */
    sealed interface Command permits Stop, Retry, Resumed, RunEnded {}

    /** Stop reading the relay, and journal what was read. Answered when that is done; then the actor ends. */
    record Stop(ActorRef<Done> replyTo) implements Command {}

    private record Retry() implements Command {}

    /** The journal's end, or why it cannot be read. */
    private record Resumed(JournalState end, Throwable failure) implements Command {}

    /** The stream has completed or failed. */
    private record RunEnded(Throwable cause) implements Command {}

    private enum State {
        STARTING,
        RUNNING,
        BACKING_OFF,
        STOPPING
    }

    /** Why ingest does not run; read by any thread. */
    static final class Failure {
        private volatile String reason = "";

        /** Empty while it runs. */
        String reason() {
            return reason;
        }
    }

    /**
     * What ingest needs.
     *
     * @param failure shows others why ingest does not run
     * @param onGivenUp gets the reason when ingest gives up
     */
    record Settings(
            Pipeline pipeline,
            Journal journal,
            Restarts restarts,
            Failure failure,
            ActorRef<Guardian.Failed> onGivenUp) {}

    private final Settings all;
    private final TimerScheduler<Command> timers;
    private final Materializer materializer;
    private State state = State.STARTING;
    private long startedNanos = System.nanoTime();
    private Pipeline.Running run;
    private ActorRef<Done> stopAskedBy;

    /** @param journal has just been opened: its state is where ingest starts */
    static Behavior<Command> create(Settings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Ingest(context, timers, settings)));
    }

    private Ingest(ActorContext<Command> context, TimerScheduler<Command> timers, Settings all) {
        super(context);
        this.timers = timers;
        this.all = all;
        materializer = Materializer.createMaterializer(context);
        run(all.journal().state());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Resumed.class, this::onResumed)
                .onMessage(RunEnded.class, this::onRunEnded)
                .onMessage(Retry.class, retry -> resume())
                .onMessage(Stop.class, this::onStop)
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    private Behavior<Command> resume() {
        state = State.STARTING;
        startedNanos = System.nanoTime();
        try {
            getContext().pipeToSelf(all.journal().resume(), Resumed::new);
        } catch (RuntimeException e) {
            return retryAfter(e);
        }
        return this;
    }

    private Behavior<Command> onResumed(Resumed resumed) {
        if (state == State.STOPPING) {
            return stopped();
        }
        if (resumed.failure() != null) {
            return retryAfter(resumed.failure());
        }
        JournalState end = resumed.end();
        LOG.info(
                "ingest resumes block={} seq={}",
                end.lastSequenceNr(),
                end.upstream().seqs());
        return run(end);
    }

    private Behavior<Command> run(JournalState from) {
        startedNanos = System.nanoTime();
        try {
            run = all.pipeline().graph(from).run(materializer);
        } catch (RuntimeException e) {
            return retryAfter(e);
        }
        state = State.RUNNING;
        all.failure().reason = "";
        getContext().pipeToSelf(run.end(), (done, cause) -> new RunEnded(cause));
        return this;
    }

    private Behavior<Command> onRunEnded(RunEnded ended) {
        run = null;
        if (state == State.STOPPING) {
            return stopped();
        }
        return retryAfter(ended.cause() == null ? new IllegalStateException("the stream completed") : ended.cause());
    }

    private Behavior<Command> retryAfter(Throwable cause) {
        String reason = Text.reason(cause);
        boolean outage = Journal.isOutage(cause);
        state = State.BACKING_OFF;
        all.failure().reason = reason;
        Optional<Duration> wait = all.restarts()
                .after(
                        outage,
                        all.journal().state().lastSequenceNr(),
                        Duration.ofNanos(System.nanoTime() - startedNanos));
        if (wait.isEmpty()) {
            LOG.error("ingest failed {} times without writing a block, and gives up", Restarts.MAX_FAULTS + 1, cause);
            all.onGivenUp().tell(new Guardian.Failed(reason));
            return this;
        }
        LOG.error(
                "ingest stopped reason={} retry_in_ms={} relay={}",
                reason,
                wait.get().toMillis(),
                all.pipeline().relay());
        if (outage) {
            LOG.debug("ingest stopped by", cause);
        } else {
            LOG.error("this is a fault of the program", cause);
        }
        timers.startSingleTimer(new Retry(), wait.get());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopAskedBy = stop.replyTo();
        State before = state;
        state = State.STOPPING;
        if (before == State.RUNNING) {
            run.relay().stop();
            return this;
        }
        return before == State.STARTING ? this : stopped();
    }

    private Behavior<Command> stopped() {
        stopAskedBy.tell(Done.getInstance());
        return Behaviors.stopped();
    }

    /** Stopped by its parent: the run ends with the materializer, but the relay's thread does not know of that. */
    private Behavior<Command> onPostStop() {
        if (run != null) {
            run.relay().stop();
        }
        return this;
    }
}
