package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A dictionary on disk. */
final class DictionaryFile {
    /** More than any dictionary for messages has: the official one has some 110 kB. */
    static final int MOST_BYTES = 16 << 20;

    private DictionaryFile() {}

    /** @throws StartupException if the file cannot be read, or is too large to be a dictionary */
    static byte[] read(Path file) throws StartupException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new StartupException(file + ": there is no such file", e);
        } catch (IOException e) {
            throw new StartupException(file + " cannot be read: " + e, e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new StartupException(
                    file + " is larger than " + (MOST_BYTES >> 20) + " MiB, so it is no dictionary for messages");
        }
        return bytes;
    }

    /**
     * Writes a file that is there as a whole or not at all.
     *
     * @throws StartupException if it cannot be written
     */
    static void write(Path file, byte[] bytes) throws StartupException {
        Path directory = file.toAbsolutePath().getParent();
        Path part = null;
        try {
            part = Files.createTempFile(directory, file.getFileName().toString(), ".part");
            Files.write(part, bytes);
            part.toFile().setReadable(true, false);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            deleteQuietly(part);
            throw new StartupException(
                    file + " cannot be written: " + e + "; name a file in a directory that this user may write to", e);
        }
    }

    private static void deleteQuietly(Path part) {
        if (part != null && !part.toFile().delete()) {
            part.toFile().deleteOnExit();
        }
    }
}
