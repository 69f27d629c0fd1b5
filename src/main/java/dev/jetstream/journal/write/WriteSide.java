package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.BlockCodec;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.dispatch.Dispatchers;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.WatchedActorTerminatedException;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's writing side. The actor that ingests starts a {@link #writer()} as its child for each run, asks it to
 * {@link #resume}, and runs the {@link #flow}. One run at a time; any thread.
 */
public final class WriteSide {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSide.class);

    /** Compressing fewer bytes takes less time than waking another thread for it. */
    private static final int MAX_ENCODED_HERE = 16 * 1024;

    /** Longer than Pekko Persistence's own limits for a write and for a start, whose failures say more. */
    static final Duration ANSWER = Duration.ofSeconds(35);

    private final ActorSystem system;
    private final JournalStore store;
    private final JournalEnd journalEnd;
    private final JournaledBlockLog log;
    private final JournalMetrics metrics;
    private final Executor blocking;
    private final Listener listener = new Listener();
    private volatile JournalEnd.Found end = JournalEnd.Found.EMPTY;
    private volatile String failure = "";
    private volatile Throwable writerFailure;

    public WriteSide(
            ActorSystem system,
            JournalStore store,
            JournalEnd journalEnd,
            JournaledBlockLog log,
            JournalMetrics metrics) {
        this.system = system;
        this.store = store;
        this.journalEnd = journalEnd;
        this.log = log;
        this.metrics = metrics;
        blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    }

    /** Reads where the journal ends, before there is a writer. */
    public CompletionStage<JournalState> start() {
        return CompletableFuture.supplyAsync(store::newest, blocking)
                .thenComposeAsync(this::readEnd, blocking)
                .thenApplyAsync(this::startAt, blocking);
    }

    private CompletionStage<JournalEnd.Found> readEnd(long last) {
        return last == 0
                ? CompletableFuture.completedFuture(JournalEnd.Found.EMPTY)
                : journalEnd.read(store.oldest(), last);
    }

    private JournalState startAt(JournalEnd.Found found) {
        log.standsAt(store.oldest(), found.newestWhole());
        end = found;
        return found.state();
    }

    /** An actor that appends and deletes. It must have stopped before the next one starts. */
    public Props writer() {
        writerFailure = null;
        return JournalWriter.create(listener);
    }

    /**
     * Finds where the journal ends, for a new writer: a write that was reported as failed may have landed.
     *
     * @param writer has just been started
     * @return fails when the journal cannot be read: the next writer may succeed
     */
    public CompletionStage<JournalState> resume(ActorRef writer) {
        return Patterns.ask(writer, new JournalWriter.TellLast(), ANSWER)
                .thenComposeAsync(last -> endAt(((JournalWriter.Last) last).sequenceNr()), blocking)
                .thenApplyAsync(this::startAt, blocking);
    }

    /** The lock first: with it, a lost connection to the database is made again, which then answers. */
    private CompletionStage<JournalEnd.Found> endAt(long last) {
        store.holdLock();
        return last == end.state().lastSequenceNr() ? CompletableFuture.completedFuture(end) : readEnd(last);
    }

    /** Why the writer stopped that was started last. */
    public JournalException stopped() {
        Throwable cause = writerFailure;
        return cause instanceof JournalException known
                ? known
                : new JournalException(
                        "the journal's writer stopped" + (cause == null ? "" : ": " + Text.reason(cause)), cause);
    }

    /** Where the journal ends. */
    public JournalState state() {
        return end.state();
    }

    /** Why the last write failed; empty when it did not. */
    public String failure() {
        return failure;
    }

    /**
     * Writes blocks, and emits the same ones once they are durable and readable, in order. One is being written while the next
     * is encoded. It fails with a write, with its writer, and with a block whose number is not the next one.
     *
     * @param writer has {@link #resume}d
     */
    public Flow<EventBlock, EventBlock, NotUsed> flow(ActorRef writer) {
        return Flow.of(EventBlock.class)
                .mapAsync(1, this::encode)
                .watch(writer)
                .mapAsync(1, append -> write(writer, append))
                .mapError(Throwable.class, this::noted);
    }

    private CompletionStage<JournalWriter.Append> encode(EventBlock block) {
        return block.length() <= MAX_ENCODED_HERE
                ? CompletableFuture.completedFuture(encoded(block))
                : CompletableFuture.supplyAsync(() -> encoded(block), system.dispatcher());
    }

    private static JournalWriter.Append encoded(EventBlock block) {
        return new JournalWriter.Append(BlockCodec.encode(block), block);
    }

    private CompletionStage<EventBlock> write(ActorRef writer, JournalWriter.Append append) {
        long startNanos = System.nanoTime();
        return Patterns.ask(writer, append, ANSWER).handle((answer, cause) -> {
            if (cause != null) {
                throw cause instanceof JournalException known
                        ? known
                        : JournalWriter.notWritten(append.block().sequenceNr(), cause);
            }
            int bytes = append.stored().bytes().length;
            metrics.written(append.block().count(), bytes, (System.nanoTime() - startNanos) / 1e9);
            return append.block();
        });
    }

    /** Failures of what comes before the journal pass through. */
    private Throwable noted(Throwable failed) {
        Throwable cause = failed instanceof CompletionException ? failed.getCause() : failed;
        if (cause instanceof WatchedActorTerminatedException) {
            cause = stopped();
        }
        if (cause instanceof JournalException) {
            failure = Text.reason(cause);
            metrics.writeFailed();
            LOG.warn("write failed reason={}", failure);
        }
        return cause;
    }

    private final class Listener implements JournalWriter.Listener {
        @Override
        public void onDurable(EventBlock block) {
            log.append(block);
            end = new JournalEnd.Found(JournalState.after(block), block.sequenceNr());
            failure = "";
        }

        @Override
        public void onDeleted(long toSequenceNr) {
            log.goneBelow(toSequenceNr + 1);
        }

        @Override
        public void onFailure(Throwable cause) {
            writerFailure = cause;
        }
    }
}
