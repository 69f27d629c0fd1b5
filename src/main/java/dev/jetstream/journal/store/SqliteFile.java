package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.io.IOException;
import java.nio.file.DirectoryStream;
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
import org.sqlite.SQLiteJDBCLoader;

/** The file of an SQLite journal: locked against other servers, and open through a connection beside those of the plugin. */
public final class SqliteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    private static final String NAME = "journal.sqlite";

    /** Directory below the data directory that SQLite's native library is loaded from. */
    private static final String LIBRARY_DIRECTORY = "native";

    /** More than the native library takes. */
    private static final long LIBRARY_BYTES = 2 << 20;

    /** Where the driver copies its library to. */
    private static final String LIBRARY_COPY_TO = "org.sqlite.tmpdir";

    private final Path path;
    private final DirectoryLock lock;
    private final Connection connection;
    private boolean closed;

    private SqliteFile(Path path, DirectoryLock lock, Connection connection) {
        this.path = path;
        this.lock = lock;
        this.connection = connection;
    }

    /** The journal's file in a data directory. */
    public static Path path(Path directory) {
        return directory.resolve(NAME);
    }

    /**
     * Locks and opens the file.
     *
     * @param make whether to create the directory and the file if they do not exist
     */
    static SqliteFile open(Path directory, boolean make) {
        if (make) {
            makeDirectory(directory);
        } else if (!Files.isRegularFile(path(directory))) {
            throw new JournalException("there is no journal in data directory " + directory
                    + "; set jetstream.journal.data-dir to the directory of a server");
        }
        DirectoryLock lock = DirectoryLock.take(directory);
        Path file = path(directory);
        try {
            loadLibrary(directory);
            return new SqliteFile(file, lock, connect(file));
        } catch (SQLException | RuntimeException e) {
            closeQuietly(lock);
            throw e instanceof JournalException known ? known : unusable(file, e);
        }
    }

    private static void makeDirectory(Path directory) {
        String fix = "; set jetstream.journal.data-dir to a directory that this user may write to";
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new JournalException("data directory " + directory + " is not a directory" + fix, e);
        } catch (IOException e) {
            if (DiskSpace.isReported(e)) {
                throw DiskSpace.full(directory, e);
            }
            throw new JournalException("data directory " + directory + " cannot be made: " + Text.reason(e) + fix, e);
        }
    }

    private static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
    }

    /**
     * Loads SQLite's native library, unless this process has done so or an operator has chosen where it comes from. By itself the
     * driver would copy it to the system's temporary directory, where each killed process leaves a megabyte. This copy is deleted
     * as soon as it is loaded; one that a killed process left is deleted before.
     */
    private static synchronized void loadLibrary(Path directory) {
        if (System.getProperty(LIBRARY_COPY_TO) != null || System.getProperty("org.sqlite.lib.path") != null) {
            return;
        }
        if (!DiskSpace.has(directory, LIBRARY_BYTES)) {
            if (!DiskSpace.has(Path.of(System.getProperty("java.io.tmpdir")), LIBRARY_BYTES)) {
                throw DiskSpace.full(directory, null);
            }
            return;
        }
        Path copies = directory.resolve(LIBRARY_DIRECTORY);
        try {
            deleteLibrary(copies);
            Files.createDirectory(copies);
            System.setProperty(LIBRARY_COPY_TO, copies.toAbsolutePath().toString());
            SQLiteJDBCLoader.initialize();
            deleteLibrary(copies);
        } catch (Exception e) {
            // The file system may forbid execution; the driver then tries the temporary directory. Windows keeps a
            // loaded file.
            LOG.debug("SQLite's library not loaded from, or left in, directory={} reason={}", copies, e.toString());
        } finally {
            System.clearProperty(LIBRARY_COPY_TO);
        }
    }

    /** Deletes the driver's copies only: a directory that holds anything else stays. */
    private static void deleteLibrary(Path copies) throws IOException {
        if (Files.isDirectory(copies)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(copies, "sqlite-*")) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
            Files.delete(copies);
        }
    }

    /** What keeps a journal's file from being used. It advises to give up the file only if that is damaged. */
    private static JournalException unusable(Path file, Throwable cause) {
        String what;
        if (StorageDamage.is(cause)) {
            boolean isOther = StorageDamage.isSqlite(cause, SQLiteErrorCode.SQLITE_NOTADB);
            what = (isOther ? "is not an SQLite database" : "is a damaged SQLite database")
                    + "; restore it from a copy, or move it away to start with an empty journal";
        } else if (DiskSpace.isFull(file.getParent(), cause)) {
            return DiskSpace.full(file.getParent(), cause);
        } else if (StorageDamage.isSqlite(
                cause,
                SQLiteErrorCode.SQLITE_CANTOPEN,
                SQLiteErrorCode.SQLITE_READONLY,
                SQLiteErrorCode.SQLITE_PERM,
                SQLiteErrorCode.SQLITE_AUTH)) {
            what = "cannot be opened: " + Text.reason(cause)
                    + "; give this user the right to read and write it and the files beside it";
        } else if (StorageDamage.isSqlite(cause, SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED)) {
            what = "is in use by another program; stop that program, and start again";
        } else {
            what = "cannot be opened: " + Text.reason(cause)
                    + "; check the disk and its file system; the journal itself may be whole";
        }
        return new JournalException("journal " + file + " " + what, cause);
    }

    JournalException unusable(Throwable cause) {
        return cause instanceof JournalException known ? known : unusable(path, cause);
    }

    /** The store's own connection; callers hold the store's lock. */
    Connection connection() {
        return connection;
    }

    /** The number that a query returns; 0 if it returns no row. */
    public static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    /** Bytes of the file, its write-ahead log and that log's index. */
    long bytes() {
        long bytes = 0;
        for (String suffix : new String[] {"", "-wal", "-shm"}) {
            bytes += path.resolveSibling(NAME + suffix).toFile().length();
        }
        return bytes;
    }

    /** @throws JournalException if the lock is lost */
    void holdLock() {
        if (!lock.isHeld()) {
            throw new JournalException("the lock file of journal " + path
                    + " is gone; stop this server, see that no other one uses the directory, and start it again");
        }
    }

    /** Empties the write-ahead log, so that a single file remains, and releases the lock. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        } catch (SQLException e) {
            LOG.warn("journal not checkpointed reason={}", e.getMessage());
        }
        closeQuietly(connection);
        closeQuietly(lock);
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.debug("not closed", e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
