package dev.jetstream.journal.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.sqlite.SQLiteErrorCode;

/** The free space of a journal's disk, and the refusal to start when there is none. */
final class DiskSpace {
    /** Room for the files that SQLite creates beside a journal when it opens it. */
    private static final long MIN_BYTES = 256 << 10;

    private static final Pattern FULL = Pattern.compile("No space left on device|Disk quota exceeded");

    private DiskSpace() {}

    /** Whether a failure to use a directory comes from a full disk: SQLite reports most of these as I/O errors. */
    static boolean isFull(Path directory, Throwable failure) {
        return isReported(failure) || !has(directory, MIN_BYTES);
    }

    /** Whether a failure says that the disk is full. */
    static boolean isReported(Throwable failure) {
        return StorageDamage.isSqlite(failure, SQLiteErrorCode.SQLITE_FULL)
                || StorageDamage.hasCause(
                        failure,
                        cause -> cause instanceof IOException
                                && cause.getMessage() != null
                                && FULL.matcher(cause.getMessage()).find());
    }

    /** Whether so many bytes are free; true where the system cannot tell. */
    static boolean has(Path directory, long bytes) {
        return freeBytes(directory) >= bytes;
    }

    private static long freeBytes(Path directory) {
        try {
            FileStore disk = Files.getFileStore(directory);
            return disk.getTotalSpace() == 0 ? Long.MAX_VALUE : disk.getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    static JournalException full(Path directory, Throwable cause) {
        long free = freeBytes(directory);
        String howMuch = free == Long.MAX_VALUE ? "" : " (" + free / 1024 + " KiB are free)";
        return new JournalException(
                "the disk of data directory " + directory + " is full" + howMuch
                        + "; free some space on it, but keep journal.sqlite, journal.sqlite-wal and journal.sqlite-shm,"
                        + " which are the journal",
                cause);
    }
}
