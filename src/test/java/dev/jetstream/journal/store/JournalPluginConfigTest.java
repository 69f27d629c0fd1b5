package dev.jetstream.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.Inputs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalPluginConfigTest {
    private static final String SYNCHRONOUS = "jdbc-journal.slick.db.properties.synchronous";

    @TempDir
    Path directory;

    private Config settings(String file) throws Exception {
        Path conf = Files.writeString(directory.resolve("application.conf"), file);
        ConfigLoader.Loaded loaded =
                ConfigLoader.load(new Inputs(Optional.of(conf), Map.of(), Map.of(), directory, Optional.empty()));
        return loaded.actorSystemConfig(JournalPluginConfig.of(loaded.config().journal()));
    }

    @Test
    void anOperatorsSettingOfThePluginWinsOverOurs() throws Exception {
        assertThat(settings("").getString(SYNCHRONOUS)).isEqualTo("NORMAL");
        assertThat(settings(SYNCHRONOUS + " = FULL").getString(SYNCHRONOUS)).isEqualTo("FULL");
    }

    /** Else a pool that loses just its first connection while it looks makes none ever after. */
    @Test
    void thePoolsOfPostgresqlNeedNotAskForTheIsolation() throws Exception {
        Config settings = settings("jetstream.journal.database-url = \"jdbc:postgresql://localhost/events\"");
        for (String plugin : List.of("jdbc-journal", "jdbc-read-journal")) {
            assertThat(settings.getString(plugin + ".slick.db.isolation")).isEqualTo("READ_COMMITTED");
        }
    }
}
