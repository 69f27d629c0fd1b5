package dev.jetstream.journal.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.journal.Journal;

/** Pekko's settings for the journal: which plugin, and how it reaches the database. */
public final class JournalPluginConfig {
    /** The configuration path of the plugin that reads. */
    static final String READ_PLUGIN = "jdbc-read-journal";

    private static final String WRITE_PLUGIN = "jdbc-journal";

    private JournalPluginConfig() {}

    /**
     * The settings that an ActorSystem needs for {@link Journal#open}. They go above {@code reference.conf}, and below what an
     * operator sets himself.
     */
    public static Config of(JournalConfig config) {
        return config.databaseUrl().isEmpty() ? sqlite(config) : postgres(config);
    }

    private static Config sqlite(JournalConfig config) {
        String url = "jdbc:sqlite:" + SqliteFile.path(config.dataDir()).toAbsolutePath();
        return both(load("journal-sqlite.conf").withFallback(load("journal.conf")), "url", url);
    }

    private static Config postgres(JournalConfig config) {
        Config plugin =
                both(load("journal-postgresql.conf").withFallback(load("journal.conf")), "url", config.databaseUrl());
        return config.databaseUser().isEmpty()
                ? plugin
                : both(both(plugin, "user", config.databaseUser()), "password", config.databasePassword());
    }

    private static Config load(String resource) {
        return ConfigFactory.parseResources(JournalPluginConfig.class.getClassLoader(), resource);
    }

    /** Sets a key of both databases, that of the writing plugin and that of the reading one. */
    private static Config both(Config plugin, String key, String value) {
        return plugin.withValue(WRITE_PLUGIN + ".slick.db." + key, ConfigValueFactory.fromAnyRef(value))
                .withValue(READ_PLUGIN + ".slick.db." + key, ConfigValueFactory.fromAnyRef(value));
    }
}
