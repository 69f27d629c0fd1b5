package dev.jetstream.journal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.jetstream.Patience;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalPluginConfig;
import dev.jetstream.journal.store.SqliteFile;
import dev.jetstream.journal.write.JournalEnd;
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
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A journal on a real file, with an actor system of its own. */
public final class TestJournal implements AutoCloseable {

    public final JournalConfig config;
    public final JournalMetrics metrics = new JournalMetrics();
    public final ActorSystem system;
    public final Journal journal;
    /** A stopped actor's name is free a moment after its end is known. */
    private int writers;

    private ActorRef writer;

    private TestJournal(
            JournalConfig config,
            Journal.Prepared prepared,
            ActorSystem system,
            LongSupplier wallUs,
            LongSupplier nanoTime) {
        this.config = config;
        this.system = system;
        try {
            journal = await(prepared.open(system, metrics, wallUs, nanoTime));
            resume();
        } catch (RuntimeException e) {
            end(system);
            throw e;
        }
    }

    /** Starts a new writer, as ingest does for each run. */
    public JournalEnd resume() {
        stopWriter();
        await(journal.writes().claim(writers > 0));
        writer = system.actorOf(journal.writes().writer(), "writer-" + ++writers);
        return await(journal.writes().resume(writer));
    }

    private void stopWriter() {
        if (writer != null) {
            await(Patterns.gracefulStop(writer, Patience.LIMIT));
        }
    }

    /** Deletes what is due now. */
    public void runRetention() {
        runRetention(0);
    }

    /** @param relayUs time of the newest frame by the relay's clock, unix microseconds */
    public void runRetention(long relayUs) {
        await(journal.retention().run(writer, relayUs));
    }

    public ActorRef writer() {
        return writer;
    }

    public static JournalConfig config(Path directory) {
        return new JournalConfig(
                directory, Duration.ofDays(36_500), 0, Duration.ofHours(1), 64 << 20, OnDamage.STOP, "", "", "");
    }

    public static TestJournal open(Path directory) {
        return open(config(directory));
    }

    public static TestJournal open(JournalConfig config) {
        return open(config, () -> Blocks.START_US, System::nanoTime);
    }

    public static TestJournal open(JournalConfig config, LongSupplier wallUs, LongSupplier nanoTime) {
        return open(config, Journal.prepare(config), wallUs, nanoTime);
    }

    /** One of several writers of a journal. */
    public static TestJournal openShared(JournalConfig config, LongSupplier wallUs, LongSupplier nanoTime) {
        return open(config, Journal.prepareShared(config), wallUs, nanoTime);
    }

    private static TestJournal open(
            JournalConfig config, Journal.Prepared prepared, LongSupplier wallUs, LongSupplier nanoTime) {
        ActorSystem system = ActorSystem.create("journal-test", settings(config));
        return new TestJournal(config, prepared, system, wallUs, nanoTime);
    }

    public static Config settings(JournalConfig config) {
        return ConfigFactory.parseString("pekko.loglevel = OFF, pekko.stdout-loglevel = OFF")
                .withFallback(JournalPluginConfig.of(config))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    /** Writes blocks in order; gives back what came out. */
    public List<EventBlock> write(List<EventBlock> blocks) {
        return await(Source.from(blocks).via(journal.writes().flow(writer)).runWith(Sink.seq(), system));
    }

    public EventBlock read(long number) {
        return await(journal.log().read(number));
    }

    public static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture()
                    .orTimeout(Patience.SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Runs statements on the file behind the journal's back. */
    public static void sql(Path directory, String... statements) {
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

    public static void end(ActorSystem system) {
        system.terminate();
        await(system.getWhenTerminated());
    }

    @Override
    public void close() {
        stopWriter();
        end(system);
        await(journal.released());
    }
}
