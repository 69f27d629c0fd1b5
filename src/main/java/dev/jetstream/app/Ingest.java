package dev.jetstream.app;

import dev.jetstream.journal.Journal;
import dev.jetstream.journal.JournalState;
import dev.jetstream.upstream.RelaySession;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the pipeline, and runs it again with a backoff when it fails: from where the journal then ends, so that nothing is lost.
 *
 * <p>Subscribers do not notice: the hub and the block log stay. Any thread may call.
 */
final class Ingest {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final Duration MIN_BACKOFF = Duration.ofMillis(500);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);

    /** A run that lasted this long was a good one: the next failure waits the least time again. */
    private static final long GOOD_RUN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final ActorSystem<?> system;
    private final Pipeline pipeline;
    private final Journal journal;
    private final RelaySession session;
    private final ScheduledExecutorService timer;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    private Pipeline.Running running;
    private boolean stopping;
    private int failures;
    private long startedNanos;
    private volatile String failure = "";

    Ingest(
            ActorSystem<?> system,
            Pipeline pipeline,
            Journal journal,
            RelaySession session,
            ScheduledExecutorService timer) {
        this.system = system;
        this.pipeline = pipeline;
        this.journal = journal;
        this.session = session;
        this.timer = timer;
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
        running = pipeline.graph(from).run(system);
        failure = "";
        running.end().whenComplete((done, cause) -> onEnd(cause));
    }

    private synchronized void onEnd(Throwable cause) {
        running = null;
        if (stopping) {
            stopped.complete(null);
            return;
        }
        String reason = cause == null ? "the stream ended by itself" : reason(cause);
        if (System.nanoTime() - startedNanos >= GOOD_RUN_NANOS) {
            failures = 0;
        }
        retryAfter(reason, cause);
    }

    private void retryAfter(String reason, Throwable cause) {
        failure = reason;
        Duration wait = backoff();
        LOG.error("ingest stopped reason={} retry_in_ms={} relay={}", reason, wait.toMillis(), session.relay());
        LOG.debug("ingest stopped by", cause);
        failures++;
        timer.schedule(this::resume, wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Duration backoff() {
        long most = Math.min(MAX_BACKOFF.toMillis(), MIN_BACKOFF.toMillis() << Math.min(failures, 10));
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    private void resume() {
        journal.resume().whenComplete((state, cause) -> {
            if (cause != null) {
                onResumeFailed(cause);
            } else {
                LOG.info("ingest goes on sequenceNr={} upstreamSeq={}", state.lastSequenceNr(), state.upstreamSeq());
                run(state);
            }
        });
    }

    private synchronized void onResumeFailed(Throwable cause) {
        if (stopping) {
            stopped.complete(null);
        } else {
            retryAfter(reason(cause), cause);
        }
    }

    private static String reason(Throwable cause) {
        Throwable at = cause;
        while (at.getMessage() == null && at.getCause() != null) {
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
