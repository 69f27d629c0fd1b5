package dev.jetstream.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreIT {
    private static final int MIB = 1 << 20;

    @TempDir
    Path directory;

    private Connection writer() throws SQLException {
        Connection writer = DriverManager.getConnection("jdbc:sqlite:" + SqliteFile.path(directory));
        try (Statement statement = writer.createStatement()) {
            statement.execute("PRAGMA synchronous = NORMAL");
        }
        return writer;
    }

    /** Commits blocks of so many bytes, one by one; the store may checkpoint after each tenth. */
    private void write(SqliteStore store, int blocks, int bytes) throws SQLException {
        String insert = "INSERT INTO event_journal (sequence_number, persistence_id, deleted, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload) VALUES (?, 'events', 0, '', 0, '', 1, '', ?)";
        try (Connection writer = writer();
                PreparedStatement statement = writer.prepareStatement(insert)) {
            for (int i = 1; i <= blocks; i++) {
                statement.setLong(1, store.oldest() == 0 ? i : last(writer) + 1);
                statement.setBytes(2, new byte[bytes]);
                statement.executeUpdate();
                if (i % 10 == 0) {
                    store.checkpointWhenQuiet();
                }
            }
        }
    }

    private static long last(Connection connection) throws SQLException {
        return SqliteSchema.number(connection, "SELECT max(sequence_number) FROM event_journal");
    }

    private long logBytes() {
        return directory.resolve("journal.sqlite-wal").toFile().length();
    }

    @Test
    void theLogStaysShortAtAQuietPace() throws SQLException {
        try (SqliteStore store = SqliteStore.open(directory)) {
            write(store, 1_000, 500);

            assertThat(logBytes()).isPositive().isLessThan(MIB);
        }
    }

    @Test
    void aLongLogIsLeftToTheWriter() throws SQLException {
        try (SqliteStore store = SqliteStore.open(directory)) {
            write(store, 5, MIB);

            long before = logBytes();
            store.checkpointWhenQuiet();
            write(store, 1, 500);

            assertThat(before).isGreaterThan(4 * MIB);
            assertThat(logBytes()).isGreaterThan(before);
        }
    }

    @Test
    void aClosedStoreIsLeftAlone() {
        SqliteStore store = SqliteStore.open(directory);
        store.close();

        store.checkpointWhenQuiet();

        assertThat(logBytes()).isZero();
    }
}
