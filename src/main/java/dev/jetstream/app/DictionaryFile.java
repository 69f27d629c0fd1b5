package dev.jetstream.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A zstd dictionary on disk. */
public final class DictionaryFile {
    /** More than any dictionary for messages has: the official one has some 110 kB. */
    public static final int MAX_BYTES = 16 << 20;

    private DictionaryFile() {}

    /**
     * Reads the file; whether it is a dictionary is for the caller to see.
     *
     * @param name of the file in the sentence that says what is wrong with it
     * @throws StartupException if the file cannot be read, or is too large to be a dictionary
     */
    public static byte[] read(Path file, String name) throws StartupException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new StartupException(name + ": there is no such file", e);
        } catch (IOException e) {
            throw new StartupException(name + " cannot be read: " + e, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new StartupException(
                    name + " is larger than " + (MAX_BYTES >> 20) + " MiB, so it is no dictionary for messages");
        }
        return bytes;
    }
}
