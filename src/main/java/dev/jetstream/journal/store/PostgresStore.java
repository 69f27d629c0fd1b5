package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import dev.jetstream.config.JournalConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in a PostgreSQL database. Space is given back by the database's own autovacuum.
 *
 * <p>What keeps the log linear is the writer's epoch, a number that each writer raises and that {@link BlockDao} demands. The
 * advisory lock only tells an operator early that a second server is one too many: it is held by this connection for as long as
 * that lives, so the database releases it with the process, or some seconds after it has lost the machine.
 */
final class PostgresStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

    /** The advisory lock's number: "jets". */
    private static final long LOCK = 0x6A657473;

    /** SQLSTATE of a write for which the database's disk has no room. */
    private static final String DISK_FULL = "53100";

    private static final int ROWS_SAMPLED = 200;
    private static final int VALID_SECONDS = 5;

    /** The database notices within about 20 s that this machine is gone, instead of two hours. */
    private static final String KEEPALIVE =
            "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 3;" + " SET tcp_keepalives_count = 3";

    /** Its key, because only a lock on a key makes {@code FOR KEY SHARE} wait. */
    private static final String EPOCH_TABLE = "CREATE TABLE IF NOT EXISTS writer_epoch (epoch BIGINT PRIMARY KEY);"
            + " INSERT INTO writer_epoch SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM writer_epoch)";

    private static final String TABLES =
            """
            CREATE TABLE event_journal (
              ordering BIGSERIAL UNIQUE,
              persistence_id VARCHAR(255) NOT NULL,
              sequence_number BIGINT NOT NULL,
              deleted BOOLEAN NOT NULL DEFAULT FALSE,
              writer VARCHAR(255) NOT NULL,
              write_timestamp BIGINT,
              adapter_manifest VARCHAR(255),
              event_ser_id INTEGER NOT NULL,
              event_ser_manifest VARCHAR(255) NOT NULL,
              event_payload BYTEA NOT NULL,
              meta_ser_id INTEGER,
              meta_ser_manifest VARCHAR(255),
              meta_payload BYTEA,
              PRIMARY KEY (persistence_id, sequence_number)
            );
            ALTER TABLE event_journal ALTER COLUMN event_payload SET STORAGE EXTERNAL;
            CREATE TABLE event_tag (
              event_id BIGINT NOT NULL REFERENCES event_journal (ordering) ON DELETE CASCADE,
              tag VARCHAR(256) NOT NULL,
              PRIMARY KEY (event_id, tag)
            );
            CREATE TABLE jetstream_journal (format INTEGER NOT NULL);
            INSERT INTO jetstream_journal VALUES (%d)"""
                    .formatted(FORMAT);

    private static final String BLOCKS = " FROM event_journal WHERE persistence_id = '" + PERSISTENCE_ID + "'";

    private final JournalConfig config;
    private final boolean shared;
    private final String place;
    private Connection connection;

    private PostgresStore(JournalConfig config, boolean shared, String place) {
        this.config = config;
        this.shared = shared;
        this.place = place;
    }

    /**
     * @param make whether to create the tables if there are none
     * @param shared whether the lock is shared with others that open it so
     */
    static PostgresStore open(JournalConfig config, boolean make, boolean shared) {
        PostgresStore store =
                new PostgresStore(config, shared, config.databaseUrl().replaceFirst("[?].*", ""));
        try {
            store.connect();
            store.lock();
            store.prepare(make);
            return store;
        } catch (SQLException | RuntimeException e) {
            store.close();
            throw e instanceof JournalException known ? known : store.unusable(e);
        }
    }

    private void connect() throws SQLException {
        connection = DriverManager.getConnection(config.databaseUrl(), properties(config));
        try (Statement statement = connection.createStatement()) {
            statement.execute(KEEPALIVE);
        }
    }

    private void lock() throws SQLException {
        String function = shared ? "pg_try_advisory_lock_shared(" : "pg_try_advisory_lock(";
        if (number("SELECT CASE WHEN " + function + LOCK + ") THEN 1 ELSE 0 END") == 0) {
            throw new JournalException("journal " + place + " is in use by another server; stop that one, or set"
                    + " jetstream.journal.database-url to another database");
        }
    }

    @Override
    public JournalException unusable(Throwable cause) {
        String fix = StorageDamage.hasCause(cause, PostgresStore::isFull)
                ? "free some space on the database's disk"
                : "start the database, or correct jetstream.journal.database-url, -user and -password";
        return new JournalException(
                "journal " + place + " cannot be opened: " + Text.reason(cause) + "; " + fix, cause);
    }

    private static boolean isFull(Throwable cause) {
        return cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState());
    }

    /** Limits that tell a database that does not answer from a slow one. */
    private static Properties properties(JournalConfig config) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("loginTimeout", "10");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        if (!config.databaseUser().isEmpty()) {
            properties.setProperty("user", config.databaseUser());
            properties.setProperty("password", config.databasePassword());
        }
        return properties;
    }

    /** In one transaction, which excludes others that do the same; it is rolled back with a connection that fails. */
    private void prepare(boolean make) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + (LOCK + 1) + ")");
            boolean exists = number("SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
                            + " AND tablename = 'jetstream_journal'")
                    != 0;
            if (!exists && !make) {
                throw new JournalException("there is no journal in " + place
                        + "; set jetstream.journal.database-url to the database of a server");
            }
            if (!exists) {
                statement.execute(TABLES);
            }
            long format = number("SELECT format FROM jetstream_journal");
            if (format > FORMAT) {
                throw JournalStore.newerFormat(place, format, "jetstream.journal.database-url to another database");
            }
            if (make) {
                statement.execute(EPOCH_TABLE);
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    @Override
    public synchronized long oldest() {
        return ask("SELECT sequence_number" + BLOCKS + " AND NOT deleted ORDER BY sequence_number LIMIT 1");
    }

    @Override
    public synchronized long newest() {
        return ask("SELECT sequence_number" + BLOCKS + " AND NOT deleted ORDER BY sequence_number DESC LIMIT 1");
    }

    @Override
    public synchronized long sizeOnDisk() {
        return ask("SELECT pg_total_relation_size('event_journal')");
    }

    /** The rows' number times the mean size of the oldest and the newest ones: the table itself never shrinks. */
    @Override
    public synchronized long usedBytes() {
        String sizes = "SELECT pg_column_size(event_payload) + 128 AS size" + BLOCKS + " ORDER BY sequence_number ";
        String rows = "SELECT coalesce(max(sequence_number) - min(sequence_number) + 1, 0)" + BLOCKS;
        return ask("SELECT ((" + rows + ") * coalesce(avg(size), 0))::bigint FROM ((" + sizes + "LIMIT " + ROWS_SAMPLED
                + ") UNION ALL (" + sizes + "DESC LIMIT " + ROWS_SAMPLED + ")) AS sample");
    }

    /** The database checks its pages by itself, as its administrator has set it up. */
    @Override
    public List<String> flaws() {
        return List.of();
    }

    @Override
    public boolean giveBackSpace() {
        return false;
    }

    @Override
    public synchronized long claim() {
        try {
            if (!connection.isValid(VALID_SECONDS)) {
                reconnect();
                lock();
            }
            return number("UPDATE writer_epoch SET epoch = epoch + 1 RETURNING epoch");
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    @Override
    public synchronized void hold(long epoch) {
        try {
            boolean isLost = !connection.isValid(VALID_SECONDS);
            if (isLost) {
                reconnect();
            }
            if (number("SELECT epoch FROM writer_epoch") != epoch) {
                throw new SupersededException(epoch);
            }
            if (isLost) {
                lock();
            }
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    private void reconnect() throws SQLException {
        closeQuietly(connection);
        connect();
    }

    private JournalException unreachable(SQLException cause) {
        return new JournalException("journal " + place + " cannot be reached: " + Text.reason(cause), cause);
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public String putAside() {
        return "drop the tables event_tag, event_journal, jetstream_journal and writer_epoch";
    }

    @Override
    public synchronized void close() {
        closeQuietly(connection);
    }

    private long ask(String query) {
        try {
            return number(query);
        } catch (SQLException e) {
            throw new JournalException("journal " + place + " cannot be read: " + Text.reason(e), e);
        }
    }

    private long number(String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet result = statement.executeQuery()) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("not closed", e);
        }
    }
}
