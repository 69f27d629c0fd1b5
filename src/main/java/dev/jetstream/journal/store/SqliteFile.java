package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** The file of a journal in SQLite: opened, locked against other servers, with a connection beside those of the plugin. */
public final class SqliteFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

    private static final String NAME = "journal.sqlite";

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

    /** Opens it, or makes it. */
    static SqliteFile open(Path directory) {
        makeDirectory(directory);
        return openLocked(directory, true);
    }

    static SqliteFile openExisting(Path directory) {
        if (!Files.isRegularFile(path(directory))) {
            throw new JournalException("there is no journal in data directory " + directory
                    + "; set jetstream.journal.data-dir to the directory of a server");
        }
        return openLocked(directory, false);
    }

    private static void makeDirectory(Path directory) {
        String fix = "; set jetstream.journal.data-dir to a directory that this user may write to";
        try {
            Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw new JournalException("data directory " + directory + " is not a directory" + fix, e);
        } catch (IOException e) {
            throw new JournalException("data directory " + directory + " cannot be made: " + Text.reason(e) + fix, e);
        }
    }

    private static SqliteFile openLocked(Path directory, boolean make) {
        DirectoryLock lock = DirectoryLock.take(directory);
        Path file = path(directory);
        Connection connection = null;
        try {
            SqliteLibrary.load(directory);
            connection = connect(file);
            SqliteSchema.prepare(file, connection, make);
            return new SqliteFile(file, lock, connection);
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

    /** What keeps a journal's file from being used. It advises to give up the file only where that is damaged. */
    private static JournalException unusable(Path file, Throwable cause) {
        String what;
        if (StorageDamage.is(cause)) {
            boolean isOther =
                    StorageDamage.hasCause(cause, one -> StorageDamage.isSqlite(one, SQLiteErrorCode.SQLITE_NOTADB));
            what = (isOther ? "is not an SQLite database" : "is a damaged SQLite database")
                    + "; restore it from a copy, or move it away to start with an empty journal";
        } else if (DiskSpace.isFull(file.getParent(), cause)) {
            return DiskSpace.full(file.getParent(), cause);
        } else if (StorageDamage.hasCause(cause, SqliteFile::isDenied)) {
            what = "cannot be opened: " + Text.reason(cause)
                    + "; give this user the right to read and write it and the files beside it";
        } else if (StorageDamage.hasCause(cause, SqliteFile::isBusy)) {
            what = "is in use by another program; stop that program, and start again";
        } else {
            what = "cannot be opened: " + Text.reason(cause)
                    + "; check the disk and its file system; the journal itself may be whole";
        }
        return new JournalException("journal " + file + " " + what, cause);
    }

    private static boolean isDenied(Throwable cause) {
        return StorageDamage.isSqlite(
                cause,
                SQLiteErrorCode.SQLITE_CANTOPEN,
                SQLiteErrorCode.SQLITE_READONLY,
                SQLiteErrorCode.SQLITE_PERM,
                SQLiteErrorCode.SQLITE_AUTH);
    }

    private static boolean isBusy(Throwable cause) {
        return StorageDamage.isSqlite(cause, SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    }

    JournalException unusable(Throwable cause) {
        return unusable(path, cause);
    }

    /** The store's own; whoever uses it holds the store's lock. */
    Connection connection() {
        return connection;
    }

    /** Bytes of the file, or of one beside it; 0 where it is not there. */
    long bytes(String suffix) {
        return path.resolveSibling(NAME + suffix).toFile().length();
    }

    /** @throws JournalException when the lock is lost */
    void holdLock() {
        if (!lock.isHeld()) {
            throw new JournalException("the lock file of journal " + path
                    + " is gone; stop this server, see that no other one uses the directory, and start it again");
        }
    }

    /** Empties the write-ahead log, so that one file is left, and gives the lock back; once only, however often it is called. */
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
            if (resource != null) {
                resource.close();
            }
        } catch (Exception e) {
            LOG.debug("not closed", e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
