package dev.jetstream.journal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library so that no copy of it stays behind, however the process ends.
 *
 * <p>The driver copies the library out of its jar, and deletes the copy when the JVM ends in order: each killed process would
 * leave a megabyte in the system's temporary directory. Here it goes to a directory below the data directory, which is deleted
 * as soon as the library is loaded, and before: a process killed between the two leaves it to the next one.
 */
final class SqliteLibrary {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

    private static final String NAME = "native";

    /** More than the library takes. */
    private static final long COPY_BYTES = 2 << 20;

    /** Where the driver puts its copy. */
    private static final String COPY_TO = "org.sqlite.tmpdir";

    /** An operator's own choices, which are left alone. */
    private static final List<String> CHOSEN = List.of(COPY_TO, "org.sqlite.lib.path");

    private SqliteLibrary() {}

    /**
     * Loads it, unless this process has it already. The driver would do so by itself, in its own way: this is to be called
     * before.
     *
     * @param directory the data directory, locked by this process
     */
    static synchronized void load(Path directory) {
        if (CHOSEN.stream().anyMatch(key -> System.getProperty(key) != null)) {
            return;
        }
        if (!DiskSpace.has(directory, COPY_BYTES)) {
            if (!DiskSpace.has(Path.of(System.getProperty("java.io.tmpdir")), COPY_BYTES)) {
                throw DiskSpace.full(directory, null);
            }
            return;
        }
        Path copies = directory.resolve(NAME);
        try {
            delete(copies);
            Files.createDirectory(copies);
            System.setProperty(COPY_TO, copies.toAbsolutePath().toString());
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            // A directory that nothing may be executed from, for one: the driver tries its own way.
            LOG.warn("SQLite's library not loaded from directory={} reason={}", copies, e.toString());
        } finally {
            System.clearProperty(COPY_TO);
            deleteIfPossible(copies);
        }
    }

    private static void deleteIfPossible(Path copies) {
        try {
            delete(copies);
        } catch (IOException e) {
            // Windows keeps a file that is loaded; the next start deletes it.
            LOG.debug("not deleted directory={} reason={}", copies, e.toString());
        }
    }

    private static void delete(Path copies) throws IOException {
        if (!Files.isDirectory(copies)) {
            return;
        }
        try (Stream<Path> files = Files.list(copies)) {
            for (Path file : files.filter(SqliteLibrary::isCopy).toList()) {
                Files.delete(file);
            }
        }
        Files.delete(copies);
    }

    /** What else an operator may have put there is none of ours: then the directory stays. */
    private static boolean isCopy(Path file) {
        return file.getFileName().toString().startsWith("sqlite-");
    }
}
