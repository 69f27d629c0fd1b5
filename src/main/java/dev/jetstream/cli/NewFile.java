package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that are there as a whole or not at all. */
final class NewFile {
    private NewFile() {}

    /**
     * Writes a new file.
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
