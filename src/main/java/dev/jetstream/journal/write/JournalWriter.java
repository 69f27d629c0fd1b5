package dev.jetstream.journal.write;

import dev.jetstream.common.Text;
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
 * The only writer of the journal: appends one block at a time in order of their numbers, and deletes old ones in between.
 *
 * <p>It replays nothing at its start; Pekko Persistence only gives it the highest number. A failed write stops it, since the block
 * may have been written all the same: the next writer reads that from the journal.
 */
final class JournalWriter extends AbstractPersistentActor {
    /** A request. Each is answered, with {@link Status.Failure} if it failed. */
    sealed interface Command permits Append, TellLast, Delete {}

    /**
     * Append a block. Answered with {@link #block} once it is durable.
     *
     * @param stored the encoded block
     */
    record Append(JournaledBlock stored, EventBlock block) implements Command {}

    /** Answered with {@link Last}, after all earlier requests. */
    record TellLast() implements Command {}

    /** Delete all blocks up to this number. Answered with {@link Deleted}; refused while another deletion is in flight. */
    record Delete(long toSequenceNr) implements Command {}

    /** The number of the newest block; 0: none. */
    record Last(long sequenceNr) {}

    /** Blocks up to this number are gone. */
    record Deleted(long toSequenceNr) {}

    private final WriteSide side;
    private ActorRef appendAskedBy;
    private ActorRef deletionAskedBy;

    private JournalWriter(WriteSide side) {
        this.side = side;
    }

    static Props create(WriteSide side) {
        return Props.create(JournalWriter.class, () -> new JournalWriter(side));
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
                .match(TellLast.class, ask -> answer(getSender(), new Last(lastSequenceNr())))
                .match(Delete.class, this::onDelete)
                .match(DeleteMessagesSuccess.class, this::onDeleted)
                .match(DeleteMessagesFailure.class, failed -> endDeletion(new Status.Failure(failed.cause())))
                .build();
    }

    private void answer(ActorRef asker, Object answer) {
        asker.tell(answer, getSelf());
    }

    private static Status.Failure refused(String reason) {
        return new Status.Failure(new JournalException(reason));
    }

    private void onAppend(Append append) {
        long next = lastSequenceNr() + 1;
        long number = append.block().sequenceNr();
        if (number != next) {
            answer(getSender(), refused("block " + number + " cannot be written where " + next + " is due"));
            return;
        }
        appendAskedBy = getSender();
        persist(append.stored(), written -> {
            side.onDurable(append.block());
            answer(appendAskedBy, append.block());
        });
    }

    private void onDelete(Delete delete) {
        if (deletionAskedBy != null) {
            answer(getSender(), refused("the previous deletion has not finished yet"));
            return;
        }
        deletionAskedBy = getSender();
        deleteMessages(delete.toSequenceNr());
    }

    private void onDeleted(DeleteMessagesSuccess done) {
        side.onDeleted(done.toSequenceNr());
        endDeletion(new Deleted(done.toSequenceNr()));
    }

    private void endDeletion(Object answer) {
        answer(deletionAskedBy, answer);
        deletionAskedBy = null;
    }

    static JournalException notWritten(long sequenceNr, Throwable cause) {
        return new JournalException("block " + sequenceNr + " was not written: " + Text.reason(cause), cause);
    }

    /** Pekko Persistence stops the actor after this. */
    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequenceNr) {
        JournalException failure = notWritten(sequenceNr, cause);
        side.onWriterFailed(failure);
        answer(appendAskedBy, new Status.Failure(failure));
    }

    /** By default the actor would skip a rejected write and continue, and the block would be lost. */
    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequenceNr) {
        onPersistFailure(cause, event, sequenceNr);
        getContext().stop(getSelf());
    }

    /** Pekko Persistence stops the actor after this. */
    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        side.onWriterFailed(cause);
    }

    @Override
    public void preRestart(Throwable reason, Optional<Object> message) throws Exception {
        side.onWriterFailed(reason);
        super.preRestart(reason, message);
    }

    /** Its parent starts a new writer instead, which reads where the journal ends. */
    @Override
    public void postRestart(Throwable reason) {
        getContext().stop(getSelf());
    }

    @Override
    public void postStop() {
        if (deletionAskedBy != null) {
            endDeletion(refused("the journal's writer stopped"));
        }
    }
}
