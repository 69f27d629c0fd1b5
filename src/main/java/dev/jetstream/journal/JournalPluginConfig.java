package dev.jetstream.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.jetstream.config.JournalConfig;

/** Pekko's settings for the journal: which plugin, and how it reaches the database. */
public final class JournalPluginConfig {
    /** The configuration path of the plugin that reads. */
    static final String READ_PLUGIN = "jdbc-read-journal";

    private JournalPluginConfig() {}

    /**
     * The settings that an ActorSystem needs for {@link Journal#open}. They go above {@code reference.conf}, and below what an
     * operator sets himself.
     */
    public static Config of(JournalConfig config) {
        String url = "jdbc:sqlite:" + SqliteStore.file(config.dataDir()).toAbsolutePath();
        return ConfigFactory.parseResources(JournalPluginConfig.class.getClassLoader(), "journal-sqlite.conf")
                .withValue("jdbc-journal.slick.db.url", ConfigValueFactory.fromAnyRef(url))
                .withValue("jdbc-read-journal.slick.db.url", ConfigValueFactory.fromAnyRef(url));
    }
}
