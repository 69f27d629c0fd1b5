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

/** A journal in an SQLite file. */
final class SqliteStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteStore.class);

    /** Marks the file as a journal of this program, in its header: "jets". */
    private static final int APPLICATION_ID = 0x6A657473;

    /** 4 KiB are a third slower; 16 KiB are a few percent faster, but a commit writes whole pages to the write-ahead log. */
    private static final int PAGE_BYTES = 8_192;

    /**
     * With a single persistence id, a row's key is its sequence number alone, which SQLite keeps in the row's own place: no second
     * index, and the plugin's {@code ordering} is the same number. The check on the id makes (id, number) unique.
     */
    private static final String EVENTS =
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

    /** Free pages are kept for future blocks: giving them back moves others. */
    private static final int FREE_SHARE_KEPT = 8;

    private static final long FREE_BYTES_KEPT = 16L << 20;
    private static final long BYTES_PER_STEP = 2L << 20;
    private static final int MAX_FLAWS = 10;

    private final SqliteFile file;
    private final Connection connection;

    private SqliteStore(SqliteFile file) {
        this.file = file;
        this.connection = file.connection();
    }

    /**
     * Opens the journal in a data directory.
     *
     * @param make whether to create it if there is none; otherwise nothing is changed
     * @throws JournalException if it cannot be used, naming the directory and what to do
     */
    static SqliteStore open(Path directory, boolean make) {
        SqliteStore store = new SqliteStore(SqliteFile.open(directory, make));
        try {
            store.prepare(make);
            return store;
        } catch (SQLException | RuntimeException e) {
            JournalException refusal = store.unusable(e);
            store.close();
            throw refusal;
        }
    }

    /** Creates the tables in an empty file; checks that any other one is a journal of this format. */
    private void prepare(boolean make) throws SQLException {
        if (make && SqliteFile.number(connection, "SELECT count(*) FROM sqlite_master") == 0) {
            create();
            return;
        }
        if (SqliteFile.number(connection, "PRAGMA application_id") != APPLICATION_ID) {
            throw new JournalException("file " + file + " is no journal of this program; move it away, or set"
                    + " jetstream.journal.data-dir to another directory");
        }
        long format = SqliteFile.number(connection, "PRAGMA user_version");
        if (format > FORMAT) {
            throw JournalStore.newerFormat(place(), format, "jetstream.journal.data-dir to another directory");
        }
    }

    private void create() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size = " + PAGE_BYTES);
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL");
            statement.execute("PRAGMA journal_mode = WAL");
            connection.setAutoCommit(false);
            statement.execute(EVENTS);
            statement.execute(TAGS);
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + FORMAT);
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    /** After damaged pages at the beginning, the first block that can be read. */
    @Override
    public synchronized long oldest() {
        try {
            return firstFrom(1);
        } catch (SQLException e) {
            if (!StorageDamage.is(e)) {
                throw failed(e);
            }
            long readable = StorageDamage.firstThat(1, newest(), this::isReadable);
            if (!isReadable(readable)) {
                throw failed(e);
            }
            LOG.warn("oldest blocks of the journal cannot be read place={} readableFrom={}", file, readable);
            return readable;
        }
    }

    @Override
    public synchronized long newest() {
        return ask("SELECT max(sequence_number) FROM event_journal");
    }

    private long firstFrom(long number) throws SQLException {
        return SqliteFile.number(
                connection,
                "SELECT sequence_number FROM event_journal WHERE deleted = 0 AND sequence_number >= " + number
                        + " ORDER BY sequence_number LIMIT 1");
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
        return file.bytes();
    }

    @Override
    public synchronized long usedBytes() {
        return (ask("PRAGMA page_count") - ask("PRAGMA freelist_count")) * ask("PRAGMA page_size");
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
        long free = ask("PRAGMA freelist_count");
        long pageBytes = ask("PRAGMA page_size");
        long kept = Math.max(ask("PRAGMA page_count") / FREE_SHARE_KEPT, FREE_BYTES_KEPT / pageBytes);
        if (free <= kept) {
            return false;
        }
        long step = Math.min(free - kept, BYTES_PER_STEP / pageBytes);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + step + ")");
            if (free - kept <= step) {
                // Only a checkpoint truncates the file; a passive one blocks no writer.
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
        } catch (SQLException e) {
            throw failed(e);
        }
        return free - kept > step;
    }

    @Override
    public long claim() {
        file.holdLock();
        return 0;
    }

    @Override
    public void hold(long epoch) {
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
        file.close();
    }

    private long ask(String query) {
        try {
            return SqliteFile.number(connection, query);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private JournalException failed(SQLException cause) {
        return new JournalException("journal " + file + " cannot be read: " + cause.getMessage(), cause);
    }
}
