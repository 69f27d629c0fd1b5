package dev.jetstream.app;

import dev.jetstream.journal.Journal;
import dev.jetstream.journal.JournalState;
import dev.jetstream.upstream.RelaySession;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline, and runs it again with a backoff when it fails: from where the journal then ends, so that nothing is lost.
 *
 * <p>Subscribers do not notice: the hub and the block log stay. A fault that comes back again and again is reported instead: then
 * it runs no more. Any thread may call.
 */
final class Ingest {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    private final ActorSystem<?> system;
    private final Pipeline pipeline;
    private final Journal journal;
    private final RelaySession session;
    private final ScheduledExecutorService timer;
    private final Restarts restarts;
    private final Consumer<String> onGivenUp;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Pipeline.Running running;
    private boolean stopping;
    private long startedNanos = System.nanoTime();
    private volatile String failure = "";

    /** @param onGivenUp is told why it runs no more; on a thread that must not be held up */
    Ingest(
            ActorSystem<?> system,
            Pipeline pipeline,
            Journal journal,
            RelaySession session,
            ScheduledExecutorService timer,
            Restarts restarts,
            Consumer<String> onGivenUp) {
        this.system = system;
        this.pipeline = pipeline;
        this.journal = journal;
        this.session = session;
        this.timer = timer;
        this.restarts = restarts;
        this.onGivenUp = onGivenUp;
    }

    /** Begins; the journal has just been opened. */
    void start() {
        run(journal.state());
    }

    private synchronized void run(JournalState from) {
        if (stopping) {
            stopped.complete(null);
            return;
        }
        startedNanos = System.nanoTime();
        try {
            running = pipeline.graph(from).run(system);
        } catch (RuntimeException e) {
            retry(e);
            return;
        }
        failure = "";
        running.end().whenComplete((done, cause) -> onEnd(cause));
    }

    private synchronized void onEnd(Throwable cause) {
        running = null;
        if (stopping) {
            stopped.complete(null);
        } else {
            retry(cause == null ? new IllegalStateException("the stream ended by itself") : cause);
        }
    }

    /** What cannot go on for good must not look as if it did: a server that serves and takes nothing in. */
    private void retry(Throwable cause) {
        String reason = reason(cause);
        boolean outage = Journal.isOutage(cause);
        failure = reason;
        Optional<Duration> wait = restarts.after(
                outage, journal.state().lastSequenceNr(), Duration.ofNanos(System.nanoTime() - startedNanos));
        if (wait.isEmpty()) {
            LOG.error("ingest given up after {} faults without a block written", Restarts.MAX_FAULTS + 1, cause);
            onGivenUp.accept(reason);
            return;
        }
        long millis = wait.get().toMillis();
        LOG.error("ingest stopped reason={} retry_in_ms={} relay={}", reason, millis, session.relay());
        if (outage) {
            LOG.debug("ingest stopped by", cause);
        } else {
            LOG.error("which is a fault of this program's own", cause);
        }
        timer.schedule(this::resume, millis, TimeUnit.MILLISECONDS);
    }

    private void resume() {
        CompletionStage<JournalState> resumed;
        try {
            resumed = journal.resume();
        } catch (RuntimeException e) {
            onResumeFailed(e);
            return;
        }
        resumed.whenComplete((state, cause) -> {
            if (cause != null) {
                onResumeFailed(cause);
            } else {
                LOG.info(
                        "ingest goes on block={} seq={}",
                        state.lastSequenceNr(),
                        state.upstream().seqs());
                run(state);
            }
        });
    }

    private synchronized void onResumeFailed(Throwable cause) {
        if (stopping) {
            stopped.complete(null);
        } else {
            startedNanos = System.nanoTime();
            retry(cause);
        }
    }

    private static String reason(Throwable cause) {
        Throwable at = cause;
        while ((at.getMessage() == null || at instanceof CompletionException) && at.getCause() != null) {
            at = at.getCause();
        }
        return at.getMessage() == null ? at.toString() : at.getMessage();
    }

    /** Why it does not run now; empty when it does. */
    String failure() {
        return failure;
    }

    /**
     * Reads no more of the relay, and journals what was read.
     *
     * @return completes when that is done
     */
    synchronized CompletionStage<Void> stop() {
        stopping = true;
        if (running == null) {
            stopped.complete(null);
        } else {
            running.relay().stop();
        }
        return stopped;
    }
}
