package dev.jetstream.journal.store;

import dev.jetstream.common.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The right to write to a data directory, held by one process at a time: a lock on a file in it. The system releases it with the
 * process, however that ends.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String NAME = "journal.lock";

    /** Closing any channel of the file would release the lock of this whole process: a second one is not even opened. */
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
     * @throws JournalException if another has it, or the directory cannot be written to
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
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                String holder = readHolder(channel);
                channel.close();
                throw inUse(directory, holder);
            }
            channel.truncate(0);
            channel.write(
                    StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"), 0);
            taken = true;
            return new DirectoryLock(file, channel);
        } catch (IOException e) {
            throw new JournalException(
                    "data directory " + directory + " cannot be written to (" + Text.reason(e)
                            + "); give this user the right to, or set jetstream.journal.data-dir to another",
                    e);
        } finally {
            if (!taken) {
                HELD.remove(file);
            }
        }
    }

    private static JournalException inUse(Path directory, String holder) {
        return new JournalException("data directory " + directory + " is in use by another server" + holder
                + ", which has the lock " + directory.resolve(NAME)
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

    /** Whether the file that the lock is on is still there. */
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
