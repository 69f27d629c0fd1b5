package dev.jetstream.journal.store;

import static dev.jetstream.journal.store.JournalStore.FORMAT;
import static dev.jetstream.journal.store.JournalStore.PERSISTENCE_ID;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The tables that the plugin finds in an SQLite file.
 *
 * <p>There is one persistence id, so a row's key is its sequence number alone, which SQLite keeps in the row's own place: no
 * second index, and the plugin's {@code ordering} is the same number. The check on the id makes (id, number) unique.
 */
public final class SqliteSchema {
    /** Says "journal of this program" in the file's header: "jets". */
    private static final int APPLICATION_ID = 0x6A657473;

    /**
     * Pages of 4 KiB are read and written a third slower; those of 16 KiB are a few percent faster, but a small block's commit
     * writes whole pages to the write-ahead log.
     */
    private static final int PAGE_BYTES = 8_192;

    private static final String TABLE =
            """
            CREATE TABLE event_journal (
              sequence_number INTEGER PRIMARY KEY,
              ordering INTEGER GENERATED ALWAYS AS (sequence_number) VIRTUAL,
              persistence_id TEXT NOT NULL CHECK (persistence_id = '%s'),
              deleted INTEGER NOT NULL,
              writer TEXT NOT NULL,
              write_timestamp INTEGER NOT NULL,
              adapter_manifest TEXT NOT NULL,
              event_ser_id INTEGER NOT NULL,
              event_ser_manifest TEXT NOT NULL,
              meta_ser_id INTEGER,
              meta_ser_manifest TEXT,
              meta_payload BLOB,
              event_payload BLOB NOT NULL
            )"""
                    .formatted(PERSISTENCE_ID);

    private static final String TAGS =
            """
            CREATE TABLE event_tag (
              event_id INTEGER NOT NULL,
              tag TEXT NOT NULL,
              PRIMARY KEY (event_id, tag)
            ) WITHOUT ROWID""";

    private SqliteSchema() {}

    /** Makes the tables in an empty file; checks that a filled one is ours. */
    static void prepare(Path file, Connection connection, boolean make) throws SQLException {
        if (number(connection, "SELECT count(*) FROM sqlite_master") == 0 && make) {
            create(connection);
            return;
        }
        long application = number(connection, "PRAGMA application_id");
        if (application != APPLICATION_ID) {
            throw new JournalException("file " + file + " is no journal of this program; move it away, or set"
                    + " jetstream.journal.data-dir to another directory");
        }
        long format = number(connection, "PRAGMA user_version");
        if (format > FORMAT) {
            throw newer(file.toString(), format);
        }
    }

    private static JournalException newer(String place, long format) {
        return new JournalException("journal " + place + " was written by a newer version of this program (format "
                + format + ", this one knows " + FORMAT + "); upgrade, or set jetstream.journal.data-dir to another"
                + " directory");
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size = " + PAGE_BYTES);
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            connection.setAutoCommit(false);
            statement.execute(TABLE);
            statement.execute(TAGS);
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + FORMAT);
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    /** The number that a query gives; 0 when it gives nothing. */
    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }
}
