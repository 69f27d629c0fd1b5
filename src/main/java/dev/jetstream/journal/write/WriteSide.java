package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.codec.BlockCodec;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.read.TipFeed;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.WriterEpoch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
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
 * The journal's writing side. For each run the actor that ingests {@link #claim}s the journal, starts a {@link #writer()} as its
 * child, has it {@link #resume}, and runs the {@link #flow}. One run at a time; any thread.
 */
public final class WriteSide {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSide.class);

    /** Compressing fewer bytes takes less time than a switch to another thread. */
    private static final int MAX_ENCODED_INLINE = 16 * 1024;

    /** Longer than Pekko Persistence's own timeouts for a write and for a start, whose failures say more. */
    static final Duration ANSWER = Duration.ofSeconds(35);

    private final ActorSystem system;
    private final JournalStore store;
    private final JournalEnd.Reader endReader;
    private final JournaledBlockLog log;
    private final TipFeed.Local feed;
    private final JournalMetrics metrics;
    private final PositionFile positions;
    private final Executor blocking;
    private final WriterEpoch epoch;
    private volatile JournalEnd end = JournalEnd.EMPTY;
    /** Whether another process may have written after {@link #end}. */
    private volatile boolean endIsStale;

    private volatile String failure = "";
    private volatile Throwable writerFailure;

    /** @param directory holds a file with the upstream position between blocks; empty: it is not kept */
    public WriteSide(
            ActorSystem system,
            JournalStore store,
            JournalEnd.Reader endReader,
            JournaledBlockLog log,
            TipFeed.Local feed,
            JournalMetrics metrics,
            Optional<Path> directory) {
        this.system = system;
        this.store = store;
        this.endReader = endReader;
        this.log = log;
        this.feed = feed;
        this.metrics = metrics;
        positions = new PositionFile(directory);
        epoch = WriterEpoch.of(system);
        blocking = system.dispatchers().lookup(Dispatchers.DefaultBlockingDispatcherId());
    }

    /** Reads where the journal ends, before there is a writer. */
    public CompletionStage<JournalEnd> start() {
        return CompletableFuture.supplyAsync(store::newest, blocking).thenComposeAsync(this::endAt, blocking);
    }

    /**
     * Makes this process the journal's writer, or checks that it still is.
     *
     * @param again whether the caller has claimed it before
     * @return fails with {@link dev.jetstream.journal.store.SupersededException} if another process has claimed it since, which is
     *     final; with {@link JournalException} if the journal cannot be reached now
     */
    public CompletionStage<Done> claim(boolean again) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (again) {
                        store.hold(epoch.number());
                    } else {
                        epoch.set(store.claim());
                        endIsStale = true;
                    }
                    return Done.getInstance();
                },
                blocking);
    }

    /** An actor that appends and deletes. It must have stopped before the next one starts. */
    public Props writer() {
        writerFailure = null;
        return JournalWriter.create(this);
    }

    /**
     * Reads where the journal ends, for a new writer: a write that was reported as failed may have succeeded.
     *
     * @param writer has just been started
     * @return fails if the journal cannot be read; another writer may succeed
     */
    public CompletionStage<JournalEnd> resume(ActorRef writer) {
        return Patterns.ask(writer, new JournalWriter.TellLast(), ANSWER)
                .thenComposeAsync(
                        answer -> {
                            long last = ((JournalWriter.Last) answer).sequenceNr();
                            return last == end.lastSequenceNr() && !endIsStale
                                    ? CompletableFuture.completedFuture(end)
                                    : endAt(last);
                        },
                        blocking);
    }

    private CompletionStage<JournalEnd> endAt(long last) {
        CompletionStage<JournalEnd> read =
                last == 0 ? CompletableFuture.completedFuture(JournalEnd.EMPTY) : endReader.read(store.oldest(), last);
        return read.thenApplyAsync(
                found -> {
                    log.standsAt(store.oldest(), found.lastReadable());
                    JournalEnd advanced = positions.applyTo(found);
                    end = advanced;
                    endIsStale = false;
                    return advanced;
                },
                blocking);
    }

    /** Where the journal ends. */
    public JournalEnd end() {
        return end;
    }

    /** Why the last write failed; empty if it succeeded. */
    public String failure() {
        return failure;
    }

    /** Why the last writer stopped. */
    public JournalException stopped() {
        Throwable cause = writerFailure;
        return cause instanceof JournalException known
                ? known
                : new JournalException(
                        "the journal's writer stopped" + (cause == null ? "" : ": " + Text.reason(cause)), cause);
    }

    /**
     * Writes blocks, and emits each once it is durable and readable, in order. One is written while the next is encoded. Fails
     * if a write fails, the writer stops, or a block does not have the next number.
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
        return block.length() <= MAX_ENCODED_INLINE
                ? CompletableFuture.completedFuture(encoded(block))
                : CompletableFuture.supplyAsync(() -> encoded(block), system.dispatcher());
    }

    private static JournalWriter.Append encoded(EventBlock block) {
        return new JournalWriter.Append(BlockCodec.encode(block), block);
    }

    private CompletionStage<EventBlock> write(ActorRef writer, JournalWriter.Append append) {
        long startNanos = System.nanoTime();
        return Patterns.ask(writer, append, ANSWER).handle((answer, cause) -> {
            EventBlock block = append.block();
            if (cause != null) {
                throw cause instanceof JournalException known
                        ? known
                        : JournalWriter.notWritten(block.sequenceNr(), cause);
            }
            metrics.written(block.count(), append.stored().bytes().length, (System.nanoTime() - startNanos) / 1e9);
            return block;
        });
    }

    /** Failures of upstream stages pass through. */
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

    /** Called by the writer before it answers, even if nobody waits for the answer any more. */
    void onDurable(EventBlock block) {
        feed.announce(block);
        synchronized (this) {
            end = JournalEnd.after(block);
        }
        failure = "";
    }

    /**
     * Keeps the position of frames that gave no event. It is ignored if the block that it follows is not the journal's newest.
     *
     * @param sequenceNr number of the block
     */
    public void onCovered(long sequenceNr, RelaySeqs upstream) {
        JournalEnd advanced;
        synchronized (this) {
            if (end.lastSequenceNr() != sequenceNr) {
                return;
            }
            advanced = end.with(upstream);
            end = advanced;
        }
        blocking.execute(() -> positions.write(advanced));
    }

    /** Called by the writer before it answers. */
    void onDeleted(long toSequenceNr) {
        log.goneBelow(toSequenceNr + 1);
    }

    /** The writer could not start or write, or has a bug; it stops. */
    void onWriterFailed(Throwable cause) {
        writerFailure = cause;
    }
}
