package dev.jetstream.journal;

import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.ReadJournal;
import org.apache.pekko.stream.javadsl.Source;

/** Reads blocks through Pekko Persistence, as the journal keeps them. Any thread. */
final class BlockReader {
    private final CurrentEventsByPersistenceIdQuery journal;

    /**
     * One block as it was found.
     *
     * @param writtenMillis unix milliseconds at which it was written, by the wall clock of then
     */
    record Row(long sequenceNr, StoredBlock stored, long writtenMillis) {}

    BlockReader(ActorSystem system) {
        journal = (CurrentEventsByPersistenceIdQuery)
                PersistenceQuery.get(system).getReadJournalFor(ReadJournal.class, JournalPluginConfig.READ_PLUGIN);
    }

    /** The blocks from one number to another, both included, in order; those that are gone are left out. */
    Source<Row, NotUsed> rows(long from, long to) {
        return journal.currentEventsByPersistenceId(JournalStore.PERSISTENCE_ID, from, to)
                .map(BlockReader::row);
    }

    private static Row row(EventEnvelope envelope) {
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
