package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A lock on a file in the data directory, held by the one process that may write there. The operating system releases it when
 * that process ends, however it ends.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "journal.lock";

    /** Files locked by this process. A second channel is never opened: closing it would release the process's lock. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock of a directory that exists.
     *
     * @throws JournalException if another server holds it, or the directory is not writable
     */
    public static DirectoryLock take(Path directory) {
        Path file;
        try {
            file = directory.toRealPath().resolve(NAME);
        } catch (IOException e) {
            throw new JournalException("data directory " + directory + " cannot be read: " + Text.reason(e), e);
        }
        if (!HELD.add(file)) {
            throw inUse(directory, " (by this process)");
        }
        try {
            return new DirectoryLock(file, lock(directory, file));
        } catch (IOException e) {
            HELD.remove(file);
            if (DiskSpace.isReported(e)) {
                throw DiskSpace.full(directory, e);
            }
            throw new JournalException(
                    "data directory " + directory + " cannot be written to (" + Text.reason(e)
                            + "); change its owner or permissions, or set jetstream.journal.data-dir to another"
                            + " directory",
                    e);
        } catch (JournalException e) {
            HELD.remove(file);
            throw e;
        }
    }

    private static FileChannel lock(Path directory, Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            if (channel.tryLock() == null) {
                throw inUse(directory, readHolder(channel));
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            taken = true;
            return channel;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    private static JournalException inUse(Path directory, String holder) {
        return new JournalException("data directory " + directory + " is in use by another server" + holder
                + ", which holds the lock " + directory.resolve(NAME)
                + "; stop that one, or set jetstream.journal.data-dir to another directory");
    }

    private static String readHolder(FileChannel channel) {
        try {
            ByteBuffer text = ByteBuffer.allocate(20);
            channel.read(text, 0);
            String pid =
                    StandardCharsets.US_ASCII.decode(text.flip()).toString().trim();
            return pid.matches("[0-9]+") ? " (process " + pid + ")" : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether the locked file still exists. */
    public boolean isHeld() {
        return channel.isOpen() && Files.exists(file);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD.remove(file);
        }
    }
}
