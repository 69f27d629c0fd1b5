package dev.jetstream.journal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A journal in an SQLite file. Its tables are made by {@link SqliteSchema}. */
final class SqliteStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    private static final String NAME = "journal.sqlite";

    /** Free pages are kept for the blocks to come: giving them back moves others. */
    private static final int FREE_SHARE_KEPT = 8;

    private static final long FREE_BYTES_KEPT = 16L << 20;
    private static final long BYTES_PER_STEP = 2L << 20;
    private static final int MOST_FLAWS = 10;

    /** A log of more than this is the writer's to empty: a busy writer never leaves it whole to another. */
    private static final long MOST_LOG_BYTES = 4L << 20;

    private final Path file;
    private final DirectoryLock lock;
    private final Connection connection;
    private Checkpoints checkpoints;
    private long seenVersion;

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
        SqliteStore store = openLocked(directory, true);
        store.checkpoints = Checkpoints.start(store);
        return store;
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
            throw new JournalException("data directory " + directory + " cannot be made: " + Texts.reason(e) + mend, e);
        }
    }

    private static SqliteStore openLocked(Path directory, boolean make) {
        DirectoryLock lock = DirectoryLock.take(directory);
        Path file = file(directory);
        Connection connection = null;
        try {
            SqliteLibrary.load(directory);
            connection = connect(file);
            SqliteSchema.prepare(file, connection, make);
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

    @Override
    public synchronized long oldest() {
        try {
            return firstFrom(1);
        } catch (SQLException e) {
            long readable = StorageDamage.is(e) ? oldestReadable() : 0;
            if (readable == 0) {
                throw failed(e);
            }
            LOG.warn("oldest blocks of the journal cannot be read place={} readableFrom={}", file, readable);
            return readable;
        }
    }

    @Override
    public synchronized long newest() {
        try {
            return SqliteSchema.number(connection, "SELECT max(sequence_number) FROM event_journal");
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private long firstFrom(long number) throws SQLException {
        return SqliteSchema.number(
                connection,
                "SELECT sequence_number FROM event_journal WHERE deleted = 0 AND sequence_number >= " + number
                        + " ORDER BY sequence_number LIMIT 1");
    }

    /** Where the pages of the oldest blocks are damaged, what is behind them is found by halves; 0 where nothing is. */
    private long oldestReadable() {
        try {
            long damaged = 1;
            long readable = SqliteSchema.number(connection, "SELECT max(sequence_number) FROM event_journal");
            while (readable - damaged > 1) {
                long middle = damaged + (readable - damaged) / 2;
                if (isReadable(middle)) {
                    readable = middle;
                } else {
                    damaged = middle;
                }
            }
            return firstFrom(readable);
        } catch (SQLException e) {
            return 0;
        }
    }

    private boolean isReadable(long number) {
        try {
            return firstFrom(number) > 0;
        } catch (SQLException e) {
            return false;
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
    public synchronized List<String> flaws() {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("PRAGMA quick_check(" + MOST_FLAWS + ")")) {
            List<String> flaws = new ArrayList<>();
            while (results.next()) {
                String found = results.getString(1);
                if (!found.equals("ok")) {
                    flaws.add(Texts.cut(
                            found.replace("*** in database main ***", "").strip()));
                }
            }
            return flaws;
        } catch (SQLException e) {
            return List.of(Texts.reason(e));
        }
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

    /**
     * Moves what is in a short write-ahead log to its place in the file, when there is anything new. Makes no writer wait; the
     * writer's next block begins the log anew.
     */
    synchronized void checkpointWhenQuiet() {
        try {
            long version = pragma("data_version");
            if (version == seenVersion || logBytes() > MOST_LOG_BYTES || connection.isClosed()) {
                return;
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
            seenVersion = version;
        } catch (SQLException | JournalException e) {
            // Whatever is wrong, the writer meets it too, and says so.
            LOG.debug("no checkpoint reason={}", e.getMessage());
        }
    }

    private long logBytes() {
        return file.resolveSibling(NAME + "-wal").toFile().length();
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
    public String putAside() {
        return "move " + file + " away, with its -wal and -shm";
    }

    @Override
    public synchronized void close() {
        if (checkpoints != null) {
            checkpoints.close();
        }
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
            return SqliteSchema.number(connection, "PRAGMA " + name);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private JournalException failed(SQLException cause) {
        return new JournalException("journal " + file + " cannot be read: " + cause.getMessage(), cause);
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
