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
 * A journal in a PostgreSQL database. The lock is an advisory one, held by this connection for as long as it lives: the database
 * releases it with the process. Space is given back by the database's own autovacuum.
 */
final class PostgresStore implements JournalStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStore.class);

    /** The advisory lock's number: "jets". */
    private static final long LOCK = 0x6A657473;

    /** SQLSTATE of a write for which the database's disk has no room. */
    private static final String DISK_FULL = "53100";

    private static final int ROWS_SAMPLED = 200;
    private static final int VALID_SECONDS = 5;

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
    private final String place;
    private Connection connection;

    private PostgresStore(JournalConfig config, String place, Connection connection) {
        this.config = config;
        this.place = place;
        this.connection = connection;
    }

    /** @param make whether to create the tables if there are none */
    static PostgresStore open(JournalConfig config, boolean make) {
        String place = config.databaseUrl().replaceFirst("[?].*", "");
        return new PostgresStore(config, place, connect(config, place, make));
    }

    private static Connection connect(JournalConfig config, String place, boolean make) {
        Connection connection = null;
        try {
            connection = DriverManager.getConnection(config.databaseUrl(), properties(config));
            prepare(place, connection, make);
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e instanceof JournalException known ? known : unusable(place, e);
        }
    }

    private static JournalException unusable(String place, Throwable cause) {
        String fix = StorageDamage.hasCause(cause, PostgresStore::isFull)
                ? "free some space on the database's disk"
                : "start the database, or correct jetstream.journal.database-url, -user and -password";
        return new JournalException(
                "journal " + place + " cannot be opened: " + Text.reason(cause) + "; " + fix, cause);
    }

    private static boolean isFull(Throwable cause) {
        return cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState());
    }

    @Override
    public JournalException unusable(Throwable cause) {
        return unusable(place, cause);
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

    private static void prepare(String place, Connection connection, boolean make) throws SQLException {
        if (number(connection, "SELECT CASE WHEN pg_try_advisory_lock(" + LOCK + ") THEN 1 ELSE 0 END") == 0) {
            throw new JournalException("journal " + place + " is in use by another server; stop that one, or set"
                    + " jetstream.journal.database-url to another database");
        }
        if (number(
                        connection,
                        "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
                                + " AND tablename = 'jetstream_journal'")
                == 0) {
            if (!make) {
                throw new JournalException("there is no journal in " + place
                        + "; set jetstream.journal.database-url to the database of a server");
            }
            create(connection);
            return;
        }
        long format = number(connection, "SELECT format FROM jetstream_journal");
        if (format > FORMAT) {
            throw JournalStore.newerFormat(place, format, "jetstream.journal.database-url to another database");
        }
    }

    private static void create(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(TABLES);
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
    public synchronized void holdLock() {
        try {
            if (!connection.isValid(VALID_SECONDS)) {
                closeQuietly(connection);
                connection = connect(config, place, false);
            }
        } catch (SQLException e) {
            throw new JournalException("journal " + place + " cannot be reached: " + Text.reason(e), e);
        }
    }

    @Override
    public String place() {
        return place;
    }

    @Override
    public String putAside() {
        return "drop the tables event_tag, event_journal and jetstream_journal";
    }

    @Override
    public synchronized void close() {
        closeQuietly(connection);
    }

    private long ask(String query) {
        try {
            return number(connection, query);
        } catch (SQLException e) {
            throw new JournalException("journal " + place + " cannot be read: " + Text.reason(e), e);
        }
    }

    private static long number(Connection connection, String query) throws SQLException {
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
