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
import slick.jdbc.SimpleJdbcAction;

/**
 * The plugin's access to the table, except that it inserts a block with a single statement in the thread of the writing
 * connection. The plugin itself collects rows of many writers in a stream and has Slick build their statement, which makes each
 * write a fifth slower. Created by the plugin, named in {@code jdbc-journal.dao}.
 */
public final class BlockDao extends DefaultJournalDao {
    /** The writer's UUID, which serves recovery and is not used here, would be a tenth of a small block. */
    private static final String NO_WRITER = "";

    private static final String INSERT =
            """
            INSERT INTO event_journal (sequence_number, persistence_id, deleted, writer, write_timestamp, adapter_manifest,
              event_ser_id, event_ser_manifest, event_payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    /** Called by the plugin. */
    public BlockDao(
            JdbcBackend.JdbcDatabaseDef database,
            JdbcProfile profile,
            JournalConfig config,
            Serialization serialization,
            ExecutionContext executor,
            Materializer materializer) {
        super(database, profile, config, serialization, executor, materializer);
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

    private static BoxedUnit insert(Connection connection, JournalPekkoSerializationRow row) {
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            statement.setLong(1, row.sequenceNumber());
            statement.setString(2, row.persistenceId());
            statement.setBoolean(3, row.deleted());
            statement.setString(4, NO_WRITER);
            statement.setLong(5, row.writeTimestamp());
            statement.setString(6, row.adapterManifest());
            statement.setInt(7, row.eventSerId());
            statement.setString(8, row.eventSerManifest());
            statement.setBytes(9, row.eventPayload());
            statement.executeUpdate();
            return BoxedUnit.UNIT;
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }
}
