package dev.jetstream.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code jetstream.zstd}: compression of messages for subscribers that ask for it.
 *
 * @param dictionaryFile the official dictionary; empty: frames are made without one
 * @param level zstd level, 1 to 19
 */
public record ZstdConfig(Optional<Path> dictionaryFile, int level) {
    /** @throws InvalidSettingsException if a value is out of range */
    public ZstdConfig {
        new Check("jetstream.zstd").range("level", level, 1, 19).done();
    }
}
