package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.BlockCodec;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.read.JournaledBlockLog;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalMetrics;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way to the writing actor, and a new actor where the last one ended. Any thread. */
public final class WriteSide {
    private static final Logger LOG = LoggerFactory.getLogger(WriteSide.class);

    /** Fewer bytes are compressed sooner than another thread has woken to do it. */
    private static final int MAX_ENCODED_HERE = 16 * 1024;

    private static final AtomicLong NAMES = new AtomicLong();

    private final ActorSystem system;
    private final JournaledBlockLog log;
    private final JournalMetrics metrics;
    private final Duration patience;
    private Incarnation current;
    private boolean closed;
    private volatile JournalState state = JournalState.EMPTY;
    private volatile String failure = "";

    public WriteSide(ActorSystem system, JournaledBlockLog log, JournalMetrics metrics, Duration patience) {
        this.system = system;
        this.log = log;
        this.metrics = metrics;
        this.patience = patience;
    }

    /** One life of the writing actor. */
    private final class Incarnation implements JournalWriter.Listener {
        private final CompletableFuture<Object> ended = new CompletableFuture<>();
        private final ActorRef actor = ((ExtendedActorSystem) system)
                .systemActorOf(JournalWriter.create(this), "journal-writer-" + NAMES.incrementAndGet());

        /** Fails when the actor ends before it answered, with why it did. */
        CompletableFuture<Object> ask(JournalWriter.Command command) {
            CompletableFuture<Object> answer = Patterns.ask(actor, command, patience)
                    .toCompletableFuture()
                    .exceptionallyCompose(failure -> ended.isDone() ? ended : CompletableFuture.failedFuture(failure));
            return CompletableFuture.anyOf(answer, ended);
        }

        @Override
        public void onDurable(EventBlock block, JournaledBlock stored) {
            log.append(block);
            state = JournalState.after(block);
            failure = "";
        }

        @Override
        public void onEnd(Throwable cause) {
            ended.completeExceptionally(cause);
        }
    }

    private synchronized Incarnation current() {
        if (closed) {
            throw new JournalException("the journal is closed");
        }
        return current;
    }

    private synchronized Incarnation living() {
        if (current() == null || current.ended.isDone()) {
            current = new Incarnation();
        }
        return current;
    }

    /** The newest block's number, after all writes that were begun; of a new actor where the last one ended. */
    public CompletionStage<Long> lastSequenceNr() {
        return living().ask(new JournalWriter.TellLast()).thenApply(last -> ((JournalWriter.Last) last).sequenceNr());
    }

    public void resumeAt(JournalState from) {
        state = from;
    }

    public JournalState state() {
        return state;
    }

    /** Why the last write failed; empty when it did not. */
    public String failure() {
        return failure;
    }

    public Flow<EventBlock, EventBlock, NotUsed> flow() {
        return Flow.of(EventBlock.class).mapAsync(1, this::encode).mapAsync(1, this::write);
    }

    private CompletionStage<JournalWriter.Append> encode(EventBlock block) {
        return block.length() <= MAX_ENCODED_HERE
                ? CompletableFuture.completedFuture(encoded(block))
                : CompletableFuture.supplyAsync(() -> encoded(block), system.dispatcher());
    }

    private static JournalWriter.Append encoded(EventBlock block) {
        return new JournalWriter.Append(BlockCodec.encode(block), block);
    }

    private CompletionStage<EventBlock> write(JournalWriter.Append append) {
        long begun = System.nanoTime();
        return current().ask(append).handle((answer, cause) -> {
            if (cause != null) {
                throw failed(append.block(), cause);
            }
            int bytes = append.stored().bytes().length;
            metrics.written(append.block().count(), bytes, (System.nanoTime() - begun) / 1e9);
            return append.block();
        });
    }

    private JournalException failed(EventBlock block, Throwable cause) {
        String reason = Text.reason(cause);
        failure = reason;
        metrics.writeFailed();
        LOG.warn("block not written block={} reason={}", block.sequenceNr(), reason);
        return new JournalException("block " + block.sequenceNr() + " was not written: " + reason, cause);
    }

    /** Asks the actor to delete; answered when it is done. */
    CompletionStage<Done> delete(long toSequenceNr) {
        return current().ask(new JournalWriter.Delete(toSequenceNr)).thenApply(deleted -> Done.getInstance());
    }

    /** Ends the actor, after what was begun. */
    public CompletionStage<Done> close() {
        Incarnation last;
        synchronized (this) {
            last = current;
            closed = true;
        }
        return last == null || last.ended.isDone()
                ? CompletableFuture.completedFuture(Done.getInstance())
                : last.ask(new JournalWriter.TellLast()).handle((answer, cause) -> {
                    system.stop(last.actor);
                    return Done.getInstance();
                });
    }
}
