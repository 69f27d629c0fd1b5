package dev.jetstream.journal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.CompletionException;
import org.apache.pekko.persistence.jdbc.config.JournalConfig;
import org.apache.pekko.persistence.jdbc.journal.dao.DefaultJournalDao;
import org.apache.pekko.persistence.jdbc.journal.dao.JournalTables.JournalPekkoSerializationRow;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.stream.Materializer;
import scala.Tuple2;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Set;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.dbio.DBIOAction;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;
import slick.jdbc.PostgresProfile;
import slick.jdbc.SimpleJdbcAction;

/**
 * The plugin's access to the table, except that it inserts a block with a single statement in the thread of the writing
 * connection. The plugin itself collects rows of many writers in a stream and has Slick build their statement, which makes each
 * write a fifth slower. On PostgreSQL, whose journal several processes can reach, a statement applies only in the writer's
 * {@link WriterEpoch}. Created by the plugin, named in {@code jdbc-journal.dao}.
 */
public final class BlockDao extends DefaultJournalDao {
    /** The writer's UUID, which serves recovery and is not used here, would be a tenth of a small block. */
    private static final String NO_WRITER = "";

    private static final String INSERT =
            """
            INSERT INTO event_journal (sequence_number, persistence_id, deleted, writer, write_timestamp, adapter_manifest,
              event_ser_id, event_ser_manifest, event_payload)
            SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?""";

    /**
     * Also locks the epoch's row until the statement is committed, so that the next writer claims the journal before it or after
     * it, never in between. The key alone would not do: a writer that slept past retention could write a number that is gone.
     */
    private static final String IN_EPOCH = "EXISTS (SELECT 1 FROM writer_epoch WHERE epoch = ? FOR KEY SHARE)";

    private static final String INSERT_IN_EPOCH = INSERT + " WHERE " + IN_EPOCH;
    private static final String DELETE_IN_EPOCH =
            "DELETE FROM event_journal WHERE persistence_id = ? AND sequence_number <= ? AND " + IN_EPOCH;
    private static final String EPOCH = "SELECT 1 FROM writer_epoch WHERE epoch = ?";

    /** Null where the lock alone excludes other writers. */
    private final WriterEpoch epoch;

    /** Called by the plugin. */
    public BlockDao(
            JdbcBackend.JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
        epoch = profile instanceof PostgresProfile ? WriterEpoch.of(serialization.system()) : null;
    }

    /** Skips the plugin's queue: the database has its own. */
    @Override
    public Future<BoxedUnit> queueWriteJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return writeJournalRows(rows);
    }

    /** Commits each row by itself; the writer asks for one at a time. */
    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        if (rows.size() != 1) {
            throw new IllegalArgumentException("one block is written at a time, not " + rows.size());
        }
        JournalPekkoSerializationRow row = rows.head()._1();
        return run(new SimpleJdbcAction<>(context -> insert(context.connection(), row)));
    }

    /** Raw, because Java's bounds do not admit Scala's bottom type as a parameter. */
    @SuppressWarnings({"rawtypes", "unchecked"})
    private Future<BoxedUnit> run(DBIOAction action) {
        return (Future<BoxedUnit>) db().run(action);
    }

    /** Also where nothing is left to delete, a writer that has been superseded learns of it. */
    @Override
    public Future<BoxedUnit> delete(String persistenceId, long toSequenceNr) {
        return epoch == null
                ? super.delete(persistenceId, toSequenceNr)
                : run(new SimpleJdbcAction<>(context -> delete(context.connection(), persistenceId, toSequenceNr)));
    }

    private BoxedUnit delete(Connection connection, String persistenceId, long toSequenceNr) {
        long current = epoch.number();
        try (PreparedStatement statement = connection.prepareStatement(DELETE_IN_EPOCH);
                PreparedStatement check = connection.prepareStatement(EPOCH)) {
            statement.setString(1, persistenceId);
            statement.setLong(2, toSequenceNr);
            statement.setLong(3, current);
            check.setLong(1, current);
            if (statement.executeUpdate() == 0 && !check.executeQuery().next()) {
                throw new SupersededException(current);
            }
            return BoxedUnit.UNIT;
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    private BoxedUnit insert(Connection connection, JournalPekkoSerializationRow row) {
        try (PreparedStatement statement = connection.prepareStatement(epoch == null ? INSERT : INSERT_IN_EPOCH)) {
            statement.setLong(1, row.sequenceNumber());
            statement.setString(2, row.persistenceId());
            statement.setBoolean(3, row.deleted());
            statement.setString(4, NO_WRITER);
            statement.setLong(5, row.writeTimestamp());
            statement.setString(6, row.adapterManifest());
            statement.setInt(7, row.eventSerId());
            statement.setString(8, row.eventSerManifest());
            statement.setBytes(9, row.eventPayload());
            long current = epoch == null ? 0 : epoch.number();
            if (epoch != null) {
                statement.setLong(10, current);
            }
            if (statement.executeUpdate() == 0) {
                throw new SupersededException(current);
            }
            return BoxedUnit.UNIT;
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }
}
