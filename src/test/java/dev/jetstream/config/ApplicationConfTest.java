package dev.jetstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that operators begin with is right: as it is, and with everything in it switched on. */
class ApplicationConfTest {
    private static final Path SHIPPED = Path.of("conf", "application.conf");

    @TempDir
    Path directory;

    @Test
    void setsNothingAsItIs() {
        Config shipped = ConfigFactory.parseFile(SHIPPED.toFile());
        assertThat(shipped.getObject("jetstream")).isEmpty();
        assertThat(shipped.root()).hasSize(1);
    }

    @Test
    void showsTheDefaults() throws Exception {
        String switchedOn = Files.readString(SHIPPED).replaceAll("(?m)^( *)# ([a-z]+\\.[a-z.-]+ = )", "$1$2");
        Path file = Files.writeString(directory.resolve("on.conf"), switchedOn);
        assertThat(ConfigFactory.parseFile(file.toFile()).getConfig("jetstream").entrySet())
                .hasSizeGreaterThan(10);

        ConfigLoader.Loaded loaded =
                ConfigLoader.load(new Inputs(Optional.of(file), Map.of(), Map.of(), directory, Optional.empty()));

        assertThat(loaded.config()).isEqualTo(ConfigLoader.load(Inputs.none()).config());
        assertThat(loaded.actorSystemConfig()
                        .getInt("pekko.actor.default-dispatcher.fork-join-executor.parallelism-max"))
                .isEqualTo(4);
    }

    @Test
    void namesEnvironmentVariablesThatExist() throws Exception {
        Keys keys = new Keys(ConfigFactory.parseResources("reference.conf"));
        assertThat(Files.readString(SHIPPED).split("[^A-Z_]+"))
                .filteredOn(word -> word.startsWith("JETSTREAM_"))
                .hasSizeGreaterThan(8)
                .allMatch(keys.environmentNames()::contains);
    }
}
