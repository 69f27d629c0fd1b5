package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import dev.jetstream.journal.codec.BlockCodec;
import dev.jetstream.journal.codec.JournaledBlock;
import dev.jetstream.journal.codec.StoredBlock;
import dev.jetstream.journal.codec.StoredBlock.Damaged;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A reader of stored blocks through Pekko Persistence. Any thread. */
public final class BlockReader {
    private final CurrentEventsByPersistenceIdQuery journal;

    /**
     * A stored block.
     *
     * @param writtenMillis unix milliseconds of the write, by the wall clock at that time
     */
    public record Row(long sequenceNr, StoredBlock stored, long writtenMillis) {
        /** The whole block, or what is wrong with it. */
        public StoredBlock decode() {
            return stored instanceof JournaledBlock block ? BlockCodec.decode(block) : (Damaged) stored;
        }
    }

    private final ActorSystem system;
    private final LongAdder rows = new LongAdder();

    public BlockReader(ActorSystem system) {
        this.system = system;
        journal = (CurrentEventsByPersistenceIdQuery)
                PersistenceQuery.get(system).getReadJournalFor(ReadJournal.class, JournalPluginConfig.READ_PLUGIN);
    }

    /** The blocks of a range, bounds included, in order, without those that are gone. */
    public Source<Row, NotUsed> rows(long from, long to) {
        return journal.currentEventsByPersistenceId(JournalStore.PERSISTENCE_ID, from, to)
                .map(this::row);
    }

    /** Rows read so far. */
    public long rowsRead() {
        return rows.sum();
    }

    /** The block of a number; empty if it is gone. */
    public CompletionStage<Optional<Row>> row(long sequenceNr) {
        return rows(sequenceNr, sequenceNr).runWith(Sink.headOption(), system);
    }

    /** As {@link #row}, but a row that the database cannot read is a damaged block. Fails if the database is unavailable. */
    public CompletionStage<Optional<Row>> rowOrDamage(long sequenceNr) {
        return row(sequenceNr).exceptionally(failure -> Optional.of(unreadable(sequenceNr, failure)));
    }

    private static Row unreadable(long sequenceNr, Throwable failure) {
        if (!StorageDamage.is(failure)) {
            throw failure instanceof CompletionException known ? known : new CompletionException(failure);
        }
        return new Row(sequenceNr, new Damaged("its row cannot be read: " + Text.reason(failure)), 0);
    }

    /** The header of the block of a number; empty if that is gone or damaged. */
    public CompletionStage<Optional<JournaledBlock.Header>> header(long sequenceNr) {
        return row(sequenceNr).thenApply(found -> found.map(Row::stored)
                .filter(JournaledBlock.class::isInstance)
                .map(block -> ((JournaledBlock) block).header()));
    }

    private Row row(EventEnvelope envelope) {
        rows.increment();
        StoredBlock stored = envelope.event() instanceof StoredBlock block
                ? block
                : new Damaged(
                        "of an unknown kind, " + envelope.event().getClass().getName());
        if (stored instanceof JournaledBlock block && block.header().sequenceNr() != envelope.sequenceNr()) {
            stored = new Damaged("says that it is number " + block.header().sequenceNr());
        }
        return new Row(envelope.sequenceNr(), stored, envelope.timestamp());
    }
}
