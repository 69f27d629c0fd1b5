package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.ConfigurationException;
import dev.jetstream.config.Inputs;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.journal.JournalCheck;
import dev.jetstream.journal.JournalCheck.Report;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalPluginConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code journal}: commands for a journal that no server uses. */
@Command(name = "journal", description = "Checks a server's journal.", subcommands = JournalCommand.Check.class)
final class JournalCommand extends Main.Group {

    /** {@code journal check}: reads a whole journal and reports damage. */
    @Command(
            name = "check",
            description =
                    "Reads and decodes every block of a journal, and reports its contents and any damage. It changes nothing. "
                            + "Stop the server first.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:the journal is intact",
                "1:the journal is damaged or could not be opened",
                "2:wrong arguments or configuration"
            })
    static final class Check implements Callable<Integer> {
        @Spec
        private CommandSpec command;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The server's configuration file; by default, the one that serve would use.")
        private Path config;

        @Option(
                names = "--data-dir",
                paramLabel = "DIR",
                description = "The journal's directory; by default, that of the configuration.")
        private String dataDir;

        @Override
        public Integer call() throws ConfigurationException, StartupException {
            Map<String, String> flags = dataDir == null ? Map.of() : Map.of("--data-dir", dataDir);
            ConfigLoader.Loaded loaded = ConfigLoader.load(Inputs.ofProcess(Optional.ofNullable(config), flags));
            JournalConfig journal = loaded.config().journal();
            PrintWriter out = command.commandLine().getOut();
            Report report = check(loaded, journal);
            print(report, place(journal), out);
            return report.isWhole() ? ExitCode.OK : ExitCode.FAILED;
        }

        private Report check(ConfigLoader.Loaded loaded, JournalConfig journal) throws StartupException {
            CheckProgress progress = new CheckProgress(command.commandLine().getErr(), System::nanoTime);
            ActorSystem<Void> system = ActorSystem.create(
                    Behaviors.empty(), "journal-check", loaded.actorSystemConfig(JournalPluginConfig.of(journal)));
            try {
                return JournalCheck.run(system, journal, progress::blocks)
                        .toCompletableFuture()
                        .join();
            } catch (CompletionException e) {
                Throwable cause = e.getCause();
                String what = cause instanceof JournalException ? cause.getMessage() : unreadable(journal, cause);
                throw new StartupException(what, cause);
            } finally {
                system.terminate();
                system.getWhenTerminated().toCompletableFuture().join();
            }
        }

        private static String unreadable(JournalConfig journal, Throwable cause) {
            return "the journal in " + place(journal) + " could not be read completely: " + cause.getMessage()
                    + "; move the directory away and start with an empty journal, or restore a backup";
        }

        private static String place(JournalConfig journal) {
            return journal.databaseUrl().isEmpty()
                    ? journal.dataDir().toString()
                    : journal.databaseUrl().replaceFirst("[?].*", "");
        }

        private static void print(Report report, String place, PrintWriter out) {
            out.println("journal   " + place);
            out.printf(
                    Locale.ROOT,
                    "blocks    %,d (%d to %d), %,d bytes%n",
                    report.blocks(),
                    report.firstSequenceNr(),
                    report.lastSequenceNr(),
                    report.bytes());
            out.printf(Locale.ROOT, "events    %,d%n", report.events());
            if (report.events() > 0) {
                out.printf("oldest    %d (%s)%n", report.firstTimeUs(), instant(report.firstTimeUs()));
                out.printf("newest    %d (%s)%n", report.lastTimeUs(), instant(report.lastTimeUs()));
            }
            report.firstFlaws().forEach(flaw -> out.println("damage    " + flaw));
            if (report.flaws() > report.firstFlaws().size()) {
                out.printf(
                        Locale.ROOT,
                        "damage    and %,d more%n",
                        report.flaws() - report.firstFlaws().size());
            }
            out.println("result    " + result(report));
            out.flush();
        }

        private static String result(Report report) {
            if (report.isWhole()) {
                return "whole";
            }
            return report.blocks() == 0
                    ? "damaged, and no block can be read; restore a backup, or move it away to start with an empty journal"
                    : "damaged; jetstream.journal.on-damage = skip serves the rest";
        }

        private static Instant instant(long timeUs) {
            return Instant.EPOCH.plus(timeUs, ChronoUnit.MICROS);
        }
    }
}
