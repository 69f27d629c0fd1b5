package dev.jetstream.app;

import dev.jetstream.common.Text;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.store.SupersededException;
import dev.jetstream.journal.write.JournalEnd;
import dev.jetstream.journal.write.Retention;
import dev.jetstream.journal.write.WriteSide;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.stream.Materializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline from the relay to the journal, with a new journal writer for each run, and deletes old blocks meanwhile. After
 * a failed run and a backoff it starts another, from where the journal then ends.
 *
 * <pre>
 *   STARTING ──journal's end known──&gt; RUNNING ──failed──&gt; BACKING_OFF ──&gt; STARTING
 *       │                                │                     │
 *       └──────────────── Stop ──────────┴──&gt; STOPPING &lt;───────┘──&gt; stopped
 * </pre>
 *
 * The block log outlives a run, so subscribers see only a pause. {@link Restarts} decides when to give up. Only this actor and
 * its child, the writer, write: once it has stopped, another may run elsewhere. If another runs before that, the journal admits
 * only the one that claimed it last, and this one gives up.
 */
final class Ingest extends AbstractBehavior<Ingest.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** A message to this actor. */
    sealed interface Command permits Stop, Claimed, Resumed, RunEnded, Signal {}

    /** Stop reading the relay, and journal what was read. Answered when that is done and the writer has stopped. */
    record Stop(ActorRef<Done> replyTo) implements Command {}

    /** This process is the journal's writer, or why not. */
    private record Claimed(Throwable failure) implements Command {}

    /** The journal's end, or why it cannot be read. */
    private record Resumed(org.apache.pekko.actor.ActorRef by, JournalEnd end, Throwable failure) implements Command {}

    /** The stream has completed or failed. */
    private record RunEnded(Throwable cause) implements Command {}

    private enum Signal implements Command {
        /** The backoff is over. */
        RETRY,
        /** Time to delete what is too old. */
        RETENTION_DUE,
        RETENTION_ENDED
    }

    private enum State {
        STARTING,
        RUNNING,
        BACKING_OFF,
        STOPPING
    }

    private final Pipeline pipeline;
    private final WriteSide writes;
    private final Retention retention;
    private final Restarts restarts;
    private final Consumer<String> failure;
    private final ActorRef<Guardian.Failed> onGivenUp;
    private final TimerScheduler<Command> timers;
    private final Materializer materializer;
    private State state;
    private long startedNanos;
    /** Null once it has stopped. */
    private org.apache.pekko.actor.ActorRef writer;
    /** Wait for this after the writer has stopped; null when waiting or not backing off. */
    private Duration backoff;
    /** Null while none runs. */
    private Pipeline.Running run;

    /** Whether a claim is under way, and whether one has succeeded. */
    private boolean claiming;

    private boolean claimed;
    private boolean retentionRuns;
    private ActorRef<Done> stopAskedBy;

    /**
     * @param failure gets the reason whenever ingest stops running, and an empty text when it runs
     * @param onGivenUp gets the reason when ingest gives up
     */
    static Behavior<Command> create(
            Pipeline pipeline,
            Journal journal,
            Restarts restarts,
            Consumer<String> failure,
            ActorRef<Guardian.Failed> onGivenUp) {
        return Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new Ingest(context, timers, pipeline, journal, restarts, failure, onGivenUp)));
    }

    private Ingest(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            Pipeline pipeline,
            Journal journal,
            Restarts restarts,
            Consumer<String> failure,
            ActorRef<Guardian.Failed> onGivenUp) {
        super(context);
        this.timers = timers;
        this.pipeline = pipeline;
        this.restarts = restarts;
        this.failure = failure;
        this.onGivenUp = onGivenUp;
        writes = journal.writes();
        retention = journal.retention();
        materializer = Materializer.createMaterializer(context);
        start();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Claimed.class, this::onClaimed)
                .onMessage(Resumed.class, this::onResumed)
                .onMessage(RunEnded.class, this::onRunEnded)
                .onMessageEquals(Signal.RETRY, () -> state == State.BACKING_OFF ? start() : this)
                .onMessageEquals(Signal.RETENTION_DUE, this::onRetentionDue)
                .onMessageEquals(Signal.RETENTION_ENDED, this::onRetentionEnded)
                .onMessage(Stop.class, this::onStop)
                .onSignal(Terminated.class, writerStopped -> onWriterStopped())
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    private Behavior<Command> start() {
        state = State.STARTING;
        startedNanos = System.nanoTime();
        claiming = true;
        getContext().pipeToSelf(writes.claim(claimed), (done, cause) -> new Claimed(cause));
        return this;
    }

    private Behavior<Command> onClaimed(Claimed result) {
        claiming = false;
        if (state == State.STOPPING) {
            return stopWhenIdle();
        }
        if (result.failure() != null) {
            return retryAfter(result.failure());
        }
        claimed = true;
        org.apache.pekko.actor.ActorRef started = Adapter.actorOf(getContext(), writes.writer(), "writer");
        Adapter.watch(getContext(), started);
        writer = started;
        getContext().pipeToSelf(writes.resume(started), (end, cause) -> new Resumed(started, end, cause));
        return this;
    }

    private Behavior<Command> onResumed(Resumed resumed) {
        if (state != State.STARTING || !resumed.by().equals(writer)) {
            return this;
        }
        if (resumed.failure() != null) {
            return retryAfter(resumed.failure());
        }
        JournalEnd end = resumed.end();
        LOG.info(
                "ingest resumes block={} seq={}",
                end.lastSequenceNr(),
                end.upstream().seqs());
        startedNanos = System.nanoTime();
        try {
            run = pipeline.graph(end, writes.flow(writer)).run(materializer);
        } catch (RuntimeException e) {
            return retryAfter(e);
        }
        state = State.RUNNING;
        failure.accept("");
        getContext().pipeToSelf(run.end(), (done, cause) -> new RunEnded(cause));
        return onRetentionDue();
    }

    private Behavior<Command> onRunEnded(RunEnded ended) {
        run = null;
        if (state == State.STOPPING) {
            return stopWhenIdle();
        }
        return retryAfter(ended.cause() == null ? new IllegalStateException("the stream completed") : ended.cause());
    }

    private Behavior<Command> retryAfter(Throwable cause) {
        String reason = Text.reason(cause);
        boolean outage = Journal.isOutage(cause);
        state = State.BACKING_OFF;
        failure.accept(reason);
        if (SupersededException.is(cause)) {
            LOG.error("ingest gives up: another server writes the journal reason={}", reason);
            onGivenUp.tell(new Guardian.Failed(reason));
            return this;
        }
        Optional<Duration> wait = restarts.after(
                outage, writes.end().lastSequenceNr(), Duration.ofNanos(System.nanoTime() - startedNanos));
        if (wait.isEmpty()) {
            LOG.error("ingest failed {} times without writing a block, and gives up", Restarts.MAX_FAULTS + 1, cause);
            onGivenUp.tell(new Guardian.Failed(reason));
            return this;
        }
        LOG.error(
                "ingest stopped reason={} retry_in_ms={} relay={}",
                reason,
                wait.get().toMillis(),
                pipeline.relay());
        if (outage) {
            LOG.debug("ingest stopped by", cause);
        } else {
            LOG.error("this is a bug in the program", cause);
        }
        backoff = wait.get();
        if (writer == null) {
            return onWriterStopped();
        }
        Adapter.stop(getContext(), writer);
        return this;
    }

    /** While the pipeline runs this also fails the stream, whose failure counts. */
    private Behavior<Command> onWriterStopped() {
        writer = null;
        if (state == State.STARTING) {
            return retryAfter(writes.stopped());
        }
        if (state == State.BACKING_OFF && backoff != null) {
            timers.startSingleTimer(Signal.RETRY, backoff);
            backoff = null;
        }
        return this;
    }

    private Behavior<Command> onRetentionDue() {
        if (state == State.RUNNING && writer != null && !retentionRuns) {
            retentionRuns = true;
            getContext()
                    .pipeToSelf(retention.run(writer, pipeline.relayTimeUs()), (done, cause) -> Signal.RETENTION_ENDED);
        }
        return this;
    }

    private Behavior<Command> onRetentionEnded() {
        retentionRuns = false;
        if (state == State.STOPPING) {
            return stopWhenIdle();
        }
        timers.startSingleTimer(Signal.RETENTION_DUE, retention.interval());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopAskedBy = stop.replyTo();
        state = State.STOPPING;
        stopWork();
        return stopWhenIdle();
    }

    private void stopWork() {
        retention.stop();
        if (run != null) {
            run.relay().stop();
        }
    }

    private Behavior<Command> stopWhenIdle() {
        return run == null && !retentionRuns && !claiming ? Behaviors.stopped() : this;
    }

    /** The writer has stopped. If the parent stopped this actor, the relay's thread still runs. */
    private Behavior<Command> onPostStop() {
        stopWork();
        if (stopAskedBy != null) {
            stopAskedBy.tell(Done.getInstance());
        }
        return this;
    }
}
