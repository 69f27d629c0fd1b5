package dev.jetstream.journal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * A journal in an SQLite file.
 *
 * <p>There is one persistence id, so a row's key is its sequence number alone, which SQLite keeps in the row's own place: no
 * second index, and the plugin's {@code ordering} is the same number. The check on the id makes (id, number) unique.
 */
final class SqliteStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** Says "journal of this program" in the file's header: "jets". */
    private static final int APPLICATION_ID = 0x6A657473;

    private static final String NAME = "journal.sqlite";
    private static final int PAGE_BYTES = 16_384;

    /** Free pages are kept for the blocks to come: giving them back moves others. */
    private static final int FREE_SHARE_KEPT = 8;

    private static final long FREE_BYTES_KEPT = 16L << 20;
    private static final long BYTES_PER_STEP = 2L << 20;

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

    /** The writer's UUID serves replays, of which there are none here; it would be a tenth of a block of few events. */
    private static final String SMALL_WITHOUT_WRITER =
            """
            CREATE TRIGGER small_without_writer AFTER INSERT ON event_journal WHEN length(NEW.event_payload) < 4096
            BEGIN
              UPDATE event_journal SET writer = '' WHERE sequence_number = NEW.sequence_number;
            END""";

    private final Path file;
    private final DirectoryLock lock;
    private final Connection connection;

    private SqliteStore(Path file, DirectoryLock lock, Connection connection) {
        this.file = file;
        this.lock = lock;
        this.connection = connection;
    }

    /** The journal's file in a data directory. */
    static Path file(Path directory) {
        return directory.resolve(NAME);
    }

    static SqliteStore open(Path directory) {
        makeDirectory(directory);
        return openLocked(directory, true);
    }

    static SqliteStore openExisting(Path directory) {
        if (!Files.isRegularFile(file(directory))) {
            throw new JournalException("there is no journal in data directory " + directory
                    + "; set jetstream.journal.data-dir to the directory of a server");
        }
        return openLocked(directory, false);
    }

    private static void makeDirectory(Path directory) {
        String mend = "; set jetstream.journal.data-dir to a directory that this user may write to";
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new JournalException("data directory " + directory + " is not a directory" + mend, e);
        } catch (IOException e) {
            throw new JournalException("data directory " + directory + " cannot be made: " + e + mend, e);
        }
    }

    private static SqliteStore openLocked(Path directory, boolean make) {
        DirectoryLock lock = DirectoryLock.take(directory);
        Path file = file(directory);
        Connection connection = null;
        try {
            connection = connect(file);
            prepare(file, connection, make);
            return new SqliteStore(file, lock, connection);
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            closeQuietly(lock);
            throw e instanceof JournalException known ? known : unusable(file, e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    private static JournalException unusable(Path file, Exception cause) {
        SQLiteErrorCode code = cause instanceof SQLiteException sqlite ? sqlite.getResultCode() : null;
        String what = code == SQLiteErrorCode.SQLITE_NOTADB
                ? "is not an SQLite database"
                : code == SQLiteErrorCode.SQLITE_CORRUPT
                        ? "is a damaged SQLite database"
                        : "cannot be used: " + cause.getMessage();
        return new JournalException(
                "journal " + file + " " + what + "; restore it, or move it away to start with an empty journal", cause);
    }

    /** Makes the tables in an empty file; checks that a filled one is ours. */
    private static void prepare(Path file, Connection connection, boolean make) throws SQLException {
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

    /** The refusal of a journal that is ahead of this program. */
    static JournalException newer(String place, long format) {
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
            statement.execute(SMALL_WITHOUT_WRITER);
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + FORMAT);
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    @Override
    public synchronized long oldest() {
        try {
            return number(
                    connection,
                    "SELECT sequence_number FROM event_journal WHERE deleted = 0 ORDER BY sequence_number LIMIT 1");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public long sizeOnDisk() {
        long bytes = 0;
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            try {
                bytes += Files.size(file.resolveSibling(NAME + suffix));
            } catch (IOException e) {
                LOG.trace("file is not there suffix={}", suffix);
            }
        }
        return bytes;
    }

    @Override
    public synchronized long usedBytes() {
        return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
    }

    @Override
    public synchronized boolean giveBackSpace() {
        long free = pragma("freelist_count");
        long pageBytes = pragma("page_size");
        long kept = Math.max(pragma("page_count") / FREE_SHARE_KEPT, FREE_BYTES_KEPT / pageBytes);
        if (free <= kept) {
            return false;
        }
        long step = Math.min(free - kept, BYTES_PER_STEP / pageBytes);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + step + ")");
            if (free - kept <= step) {
                // Only a checkpoint cuts the file; a passive one makes no writer wait.
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return free - kept > step;
    }

    @Override
    public void holdLock() {
        if (!lock.isHeld()) {
            throw new JournalException("the lock file of journal " + file
                    + " is gone; stop this server, see that no other" + " one uses the directory, and start it again");
        }
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public synchronized void close() {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.warn("journal not checkpointed reason={}", e.getMessage());
        }
        closeQuietly(connection);
        closeQuietly(lock);
    }

    private long pragma(String name) {
        try {
            return number(connection, "PRAGMA " + name);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private JournalException failed(SQLException cause) {
        return new JournalException("journal " + file + " cannot be read: " + cause.getMessage(), cause);
    }

    private static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.debug("not closed", e);
        }
    }
}
