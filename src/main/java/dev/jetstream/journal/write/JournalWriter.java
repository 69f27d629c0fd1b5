package dev.jetstream.journal.write;

import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalStore;
import java.util.Optional;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Status;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import scala.Option;

/**
 * The one that writes to the journal: a block at a time, in order of their numbers, and deletions between them.
 *
 * <p>Nothing is replayed when it starts; Pekko Persistence only tells it the highest number. A write that fails ends it, since
 * nobody knows whether it landed: the next incarnation learns that from the journal.
 */
final class JournalWriter extends AbstractPersistentActor {
    /** What it is told; it answers each, with {@link Status.Failure} when it could not. */
    sealed interface Command permits Append, TellLast, Delete {}

    /**
     * Write a block. Answered with {@link #block} once it is durable.
     *
     * @param stored the same block, encoded
     */
    record Append(JournaledBlock stored, EventBlock block) implements Command {}

    /** Answered with {@link Last}, after all that was begun before. */
    record TellLast() implements Command {}

    /** Delete all blocks up to this number. Answered with {@link Deleted}. */
    record Delete(long toSequenceNr) implements Command {}

    /** The number of the newest block; 0: none. */
    record Last(long sequenceNr) {}

    /** Blocks up to this number are gone. */
    record Deleted(long toSequenceNr) {}

    /** What it reports beside its answers. Called in the actor. */
    interface Listener {
        /** A block was written: before the answer. */
        void onDurable(EventBlock block, JournaledBlock stored);

        /** It ends, or could not start; nothing that it is told from now on is answered. */
        void onEnd(Throwable cause);
    }

    private final Listener listener;
    private ActorRef writeAskedBy;
    private ActorRef deletionAskedBy;

    private JournalWriter(Listener listener) {
        this.listener = listener;
    }

    static Props create(Listener listener) {
        return Props.create(JournalWriter.class, () -> new JournalWriter(listener));
    }

    @Override
    public String persistenceId() {
        return JournalStore.PERSISTENCE_ID;
    }

    @Override
    public Recovery recovery() {
        return Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return emptyBehavior();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Append.class, this::onAppend)
                .match(TellLast.class, ask -> getSender().tell(new Last(lastSequenceNr()), getSelf()))
                .match(Delete.class, this::onDelete)
                .match(DeleteMessagesSuccess.class, done -> onDeleted(new Deleted(done.toSequenceNr())))
                .match(DeleteMessagesFailure.class, failed -> onDeleted(new Status.Failure(failed.cause())))
                .build();
    }

    private void onAppend(Append append) {
        long due = lastSequenceNr() + 1;
        if (append.block().sequenceNr() != due) {
            String what = "block " + append.block().sequenceNr() + " cannot be written where " + due + " is due";
            getSender().tell(new Status.Failure(new JournalException(what)), getSelf());
            return;
        }
        writeAskedBy = getSender();
        persist(append.stored(), written -> {
            listener.onDurable(append.block(), written);
            writeAskedBy.tell(append.block(), getSelf());
        });
    }

    private void onDelete(Delete delete) {
        deletionAskedBy = getSender();
        deleteMessages(delete.toSequenceNr());
    }

    private void onDeleted(Object answer) {
        if (deletionAskedBy != null) {
            deletionAskedBy.tell(answer, getSelf());
            deletionAskedBy = null;
        }
    }

    /** Pekko Persistence stops the actor after this. */
    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        listener.onEnd(cause);
        writeAskedBy.tell(new Status.Failure(cause), getSelf());
    }

    /** By default a rejected write is skipped and the actor goes on: its block would be lost. */
    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
        listener.onEnd(cause);
        writeAskedBy.tell(new Status.Failure(cause), getSelf());
        getContext().stop(getSelf());
    }

    /** Pekko Persistence stops the actor after this. */
    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        listener.onEnd(cause);
    }

    /** A bug in here: whoever waits for an answer is told of it, not only that there will be none. */
    @Override
    public void preRestart(Throwable reason, Optional<Object> message) throws Exception {
        listener.onEnd(reason);
        super.preRestart(reason, message);
    }

    /** The next incarnation is one of another name: this one must not live beside it. */
    @Override
    public void postRestart(Throwable reason) {
        getContext().stop(getSelf());
    }

    @Override
    public void postStop() {
        listener.onEnd(new JournalException("the journal is closed"));
    }
}
