package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration is made from, for tests that load one. */
abstract class ConfigTest {
    @TempDir
    Path directory;

    Path file;
    final Map<String, String> environment = new HashMap<>();
    final Map<String, String> flags = new HashMap<>();
    final Map<String, String> properties = new HashMap<>();

    ConfigLoader.Loaded load() throws ConfigurationException {
        return ConfigLoader.load(
                new Inputs(Optional.ofNullable(file), flags, environment, properties, directory, Optional.empty()));
    }

    String refusal() {
        ConfigurationException refused = catchThrowableOfType(ConfigurationException.class, this::load);
        assertThat(refused).as("must be refused").isNotNull();
        return refused.getMessage();
    }

    void write(String content) throws IOException {
        file = Files.writeString(directory.resolve("test.conf"), content);
    }
}
