package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory that is deleted, with all that is in it, when it is closed. */
record TemporaryDirectory(Path path) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TemporaryDirectory.class);

    /** @throws StartupException if there is no room for one */
    static TemporaryDirectory create(String prefix) throws StartupException {
        try {
            return new TemporaryDirectory(Files.createTempDirectory(prefix));
        } catch (IOException e) {
            throw new StartupException(
                    "no temporary directory could be made (" + e.getMessage() + "); name another one with --data-dir",
                    e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("could not delete the temporary directory path={} reason={}", path, e.toString());
        }
    }
}
