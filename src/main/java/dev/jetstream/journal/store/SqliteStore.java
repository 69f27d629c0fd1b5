package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A journal in an SQLite file. Its tables are made by {@link SqliteSchema}. */
final class SqliteStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** Free pages are kept for the blocks to come: giving them back moves others. */
    private static final int FREE_SHARE_KEPT = 8;

    private static final long FREE_BYTES_KEPT = 16L << 20;
    private static final long BYTES_PER_STEP = 2L << 20;
    private static final int MAX_FLAWS = 10;

    /** A log of more than this is the writer's to empty: a busy writer never leaves it whole to another. */
    private static final long MAX_LOG_BYTES = 4L << 20;

    private final SqliteFile file;
    private final Connection connection;
    private Checkpoints checkpoints;
    private long seenVersion;

    private SqliteStore(SqliteFile file) {
        this.file = file;
        this.connection = file.connection();
    }

    /** @throws JournalException naming the directory, and what to do, when it cannot be used */
    static SqliteStore open(Path directory) {
        SqliteStore store = new SqliteStore(SqliteFile.open(directory));
        store.checkpoints = Checkpoints.start(store);
        return store;
    }

    /** The same without making a journal where there is none, and without doing anything to it. */
    static SqliteStore openExisting(Path directory) {
        return new SqliteStore(SqliteFile.openExisting(directory));
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

    /** The oldest block after damaged pages at the beginning; 0 if there is none. */
    private long oldestReadable() {
        try {
            long newest = SqliteSchema.number(connection, "SELECT max(sequence_number) FROM event_journal");
            return firstFrom(StorageDamage.firstThat(1, newest, this::isReadable));
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
        return file.bytes("") + file.bytes("-wal") + file.bytes("-shm");
    }

    @Override
    public synchronized long usedBytes() {
        return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
    }

    @Override
    public synchronized List<String> flaws() {
        try (Statement statement = connection.createStatement();
                ResultSet results = statement.executeQuery("PRAGMA quick_check(" + MAX_FLAWS + ")")) {
            List<String> flaws = new ArrayList<>();
            while (results.next()) {
                String found = results.getString(1);
                if (!found.equals("ok")) {
                    flaws.add(Text.cut(
                            found.replace("*** in database main ***", "").strip()));
                }
            }
            return flaws;
        } catch (SQLException e) {
            return List.of(Text.reason(e));
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
            if (version == seenVersion || file.bytes("-wal") > MAX_LOG_BYTES || connection.isClosed()) {
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

    @Override
    public void holdLock() {
        file.holdLock();
    }

    @Override
    public String place() {
        return file.toString();
    }

    @Override
    public JournalException unusable(Throwable cause) {
        return file.unusable(cause);
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
        file.close();
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
}
