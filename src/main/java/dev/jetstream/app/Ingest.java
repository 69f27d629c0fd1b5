package dev.jetstream.app;

import dev.jetstream.common.Text;
import dev.jetstream.journal.Journal;
import dev.jetstream.journal.write.JournalEnd;
import dev.jetstream.journal.write.Retention;
import dev.jetstream.journal.write.WriteSide;
import java.time.Duration;
import java.util.Optional;
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
 * Runs the pipeline from the relay to the journal, with a new journal writer for each run, and deletes old blocks meanwhile. A run
 * that fails is followed by another after a backoff, from where the journal then ends.
 *
 * <pre>
 *   STARTING ──journal's end known──&gt; RUNNING ──failed──&gt; BACKING_OFF ──&gt; STARTING
 *       │                                │                     │
 *       └──────────────── Stop ──────────┴──&gt; STOPPING &lt;───────┘──&gt; stopped
 * </pre>
 *
 * Hub and block log outlive a run, so subscribers see only a pause. {@link Restarts} decides when to give up. The actor and its
 * child, the writer, are all that writes: once it has stopped, another may run elsewhere.
 */
final class Ingest extends AbstractBehavior<Ingest.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    /** A message to this actor. */
    sealed interface Command permits Stop, Retry, Resumed, RunEnded, Look, LookEnded {}

    /** Stop reading the relay, and journal what was read. Answered when that is done and the writer has stopped. */
    record Stop(ActorRef<Done> replyTo) implements Command {}

    private record Retry() implements Command {}

    /** The journal's end, or why it cannot be read. */
    private record Resumed(org.apache.pekko.actor.ActorRef by, JournalEnd end, Throwable failure) implements Command {}

    /** The stream has completed or failed. */
    private record RunEnded(Throwable cause) implements Command {}

    /** Time to delete what is too old. */
    private record Look() implements Command {}

    private record LookEnded() implements Command {}

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
    private final WriteSide writes;
    private final Retention retention;
    private final TimerScheduler<Command> timers;
    private final Materializer materializer;
    private State state;
    private long startedNanos;
    /** Null once it has stopped. */
    private org.apache.pekko.actor.ActorRef writer;

    private Duration backoff;
    private Pipeline.Running run;
    private boolean looking;
    private ActorRef<Done> stopAskedBy;

    static Behavior<Command> create(Settings settings) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Ingest(context, timers, settings)));
    }

    private Ingest(ActorContext<Command> context, TimerScheduler<Command> timers, Settings all) {
        super(context);
        this.timers = timers;
        this.all = all;
        writes = all.journal().writes();
        retention = all.journal().retention();
        materializer = Materializer.createMaterializer(context);
        start();
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Resumed.class, this::onResumed)
                .onMessage(RunEnded.class, this::onRunEnded)
                .onMessage(Retry.class, retry -> state == State.BACKING_OFF ? start() : this)
                .onMessage(Look.class, look -> onLook())
                .onMessage(LookEnded.class, ended -> onLookEnded())
                .onMessage(Stop.class, this::onStop)
                .onSignal(Terminated.class, writerStopped -> onWriterStopped())
                .onSignal(PostStop.class, stopped -> onPostStop())
                .build();
    }

    private Behavior<Command> start() {
        state = State.STARTING;
        startedNanos = System.nanoTime();
        org.apache.pekko.actor.ActorRef started = Adapter.actorOf(getContext(), writes.writer(), "writer");
        Adapter.watch(getContext(), started);
        writer = started;
        getContext().pipeToSelf(writes.resume(started), (end, failure) -> new Resumed(started, end, failure));
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
            run = all.pipeline().graph(end, writes.flow(writer)).run(materializer);
        } catch (RuntimeException e) {
            return retryAfter(e);
        }
        state = State.RUNNING;
        all.failure().reason = "";
        getContext().pipeToSelf(run.end(), (done, cause) -> new RunEnded(cause));
        return onLook();
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
        all.failure().reason = reason;
        Optional<Duration> wait = all.restarts()
                .after(outage, writes.end().lastSequenceNr(), Duration.ofNanos(System.nanoTime() - startedNanos));
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
            LOG.error("this is a bug in the program", cause);
        }
        backoff = wait.get();
        if (writer == null) {
            return onWriterStopped();
        }
        Adapter.stop(getContext(), writer);
        return this;
    }

    /** In a run this also fails the stream, which knows the cause: then that counts. */
    private Behavior<Command> onWriterStopped() {
        writer = null;
        if (state == State.STARTING) {
            return retryAfter(writes.stopped());
        }
        if (state == State.BACKING_OFF && backoff != null) {
            timers.startSingleTimer(new Retry(), backoff);
            backoff = null;
        }
        return this;
    }

    private Behavior<Command> onLook() {
        if (state == State.RUNNING && writer != null && !looking) {
            looking = true;
            getContext()
                    .pipeToSelf(
                            retention.look(writer, all.pipeline().relayTimeUs()), (done, failure) -> new LookEnded());
        }
        return this;
    }

    private Behavior<Command> onLookEnded() {
        looking = false;
        if (state == State.STOPPING) {
            return stopWhenIdle();
        }
        timers.startSingleTimer(new Look(), retention.interval());
        return this;
    }

    private Behavior<Command> onStop(Stop stop) {
        stopAskedBy = stop.replyTo();
        state = State.STOPPING;
        retention.stop();
        if (run != null) {
            run.relay().stop();
        }
        return stopWhenIdle();
    }

    private Behavior<Command> stopWhenIdle() {
        return run == null && !looking ? Behaviors.stopped() : this;
    }

    /** The writer has stopped. Where the parent stopped this actor, the relay's thread does not know yet. */
    private Behavior<Command> onPostStop() {
        retention.stop();
        if (run != null) {
            run.relay().stop();
        }
        if (stopAskedBy != null) {
            stopAskedBy.tell(Done.getInstance());
        }
        return this;
    }
}
