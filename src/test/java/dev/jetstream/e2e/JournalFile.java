package dev.jetstream.e2e;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;

/** A server's SQLite file, looked at from outside. */
final class JournalFile implements AutoCloseable {
    private static final String LEAVES = " FROM dbstat WHERE name = 'event_journal' AND pagetype = 'leaf'";

    private final Connection connection;

    private JournalFile(Connection connection) {
        this.connection = connection;
    }

    /** Where a server that was started in a directory, with the usual settings, has it. */
    static Path path(Path directory) {
        return directory.resolve("data/journal.sqlite");
    }

    static JournalFile of(Path directory) throws SQLException {
        return new JournalFile(DriverManager.getConnection("jdbc:sqlite:" + path(directory) + "?busy_timeout=10000"));
    }

    /** Only looks: what is in the write-ahead log stays there, also when this is closed last. */
    static JournalFile readOnly(Path directory) throws SQLException {
        return new JournalFile(DriverManager.getConnection("jdbc:sqlite:" + path(directory) + "?open_mode=1"));
    }

    /** Nobody else can write from now on, until this is closed. */
    void holdWrites() throws SQLException {
        execute("BEGIN IMMEDIATE");
    }

    /** Number of the oldest block; 0: none. */
    long oldest() {
        return number("SELECT min(sequence_number) FROM event_journal WHERE deleted = 0");
    }

    /** Number of the newest block; 0: none. */
    long newest() {
        return number("SELECT max(sequence_number) FROM event_journal");
    }

    /** Flips one bit in the bytes of a block. */
    void flipBit(long block, Random random) throws SQLException {
        String where = " WHERE sequence_number = " + block;
        byte[] bytes;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT event_payload FROM event_journal" + where)) {
            bytes = row.getBytes(1);
        }
        bytes[2 + random.nextInt(bytes.length - 2)] ^= (byte) (1 << random.nextInt(8));
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE event_journal SET event_payload = ?" + where)) {
            update.setBytes(1, bytes);
            update.executeUpdate();
        }
    }

    /** Number of the page, from 1, that holds the oldest rows. */
    long oldestLeaf() {
        return number("SELECT pageno" + LEAVES + " ORDER BY path LIMIT 1");
    }

    /** Number of the page, from 1, that holds the newest rows. */
    long newestLeaf() {
        return number("SELECT pageno" + LEAVES + " ORDER BY path DESC LIMIT 1");
    }

    /** Number of the page, from 1, that holds the rows in the middle of the table. */
    long leafInTheMiddle() {
        return number("SELECT pageno" + LEAVES + " ORDER BY path LIMIT 1 OFFSET (SELECT count(*) / 2" + LEAVES + ")");
    }

    void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The number that a query gives; 0 for none. */
    long number(String query) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
