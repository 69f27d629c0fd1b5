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
 * How the plugin writes a block: one prepared statement, in the thread of the writing connection.
 *
 * <p>The plugin's own way, which all else here keeps to, collects rows in a stream and has Slick put their statement together:
 * made for many writers with many small events. There is one writer here, and one block in flight, whose subscribers wait. The
 * plugin makes it, by the setting {@code jdbc-journal.dao}.
 */
public final class BlockDao extends DefaultJournalDao {
    /** The writer's UUID serves replays, of which there are none here; it would be a tenth of a block of few events. */
    private static final String NO_WRITER = "";

    static final String INSERT =
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

    /** Without the queue: the database has one of its own. */
    @Override
    public Future<BoxedUnit> queueWriteJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        return writeJournalRows(rows);
    }

    /** A commit of its own for each row; the writer asks for one at a time. */
    @Override
    public Future<BoxedUnit> writeJournalRows(Seq<Tuple2<JournalPekkoSerializationRow, Set<String>>> rows) {
        if (rows.size() != 1) {
            throw new IllegalArgumentException("one block is written at a time, not " + rows.size());
        }
        JournalPekkoSerializationRow row = rows.head()._1();
        return run(new SimpleJdbcAction<>(context -> insert(context.connection(), row)));
    }

    /** Raw, since Scala's bottom type stands among the parameters, which Java's bounds do not admit. */
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
