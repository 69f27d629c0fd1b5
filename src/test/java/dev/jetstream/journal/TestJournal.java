package dev.jetstream.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A journal on a real file, with an actor system of its own. */
final class TestJournal implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    final JournalConfig config;
    final JournalMetrics metrics = new JournalMetrics();
    final ActorSystem system;
    final Journal journal;

    private TestJournal(JournalConfig config, ActorSystem system, LongSupplier wallUs, LongSupplier nanoTime) {
        this.config = config;
        this.system = system;
        try {
            journal = await(Journal.open(system, config, metrics, wallUs, nanoTime));
        } catch (RuntimeException e) {
            end(system);
            throw e;
        }
    }

    static JournalConfig config(Path directory) {
        return new JournalConfig(
                directory, Duration.ofDays(36_500), 0, Duration.ofHours(1), 64 << 20, OnDamage.STOP, "", "", "");
    }

    static TestJournal open(Path directory) {
        return open(config(directory));
    }

    static TestJournal open(JournalConfig config) {
        return open(config, () -> Blocks.START_US, System::nanoTime);
    }

    static TestJournal open(JournalConfig config, LongSupplier wallUs, LongSupplier nanoTime) {
        ActorSystem system = ActorSystem.create("journal-test", settings(config));
        return new TestJournal(config, system, wallUs, nanoTime);
    }

    static Config settings(JournalConfig config) {
        return ConfigFactory.parseString("pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                .withFallback(JournalPluginConfig.of(config))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /** Writes blocks in order; gives back what came out. */
    List<EventBlock> write(List<EventBlock> blocks) {
        return await(Source.from(blocks).via(journal.flow()).runWith(Sink.seq(), system));
    }

    EventBlock read(long number) {
        return await(journal.log().read(number));
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Runs statements on the file behind the journal's back. */
    static void sql(Path directory, String... statements) {
        String url = "jdbc:sqlite:" + SqliteFile.path(directory) + "?busy_timeout=10000";
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void end(ActorSystem system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    @Override
    public void close() {
        await(journal.close());
        end(system);
        await(journal.released());
    }
}
