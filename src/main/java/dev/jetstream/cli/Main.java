package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.app.StopSignals;
import dev.jetstream.common.Version;
import dev.jetstream.config.ConfigurationException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry point: runs the command that the arguments name, {@code serve} by default. */
@Command(
        name = "jetstream",
        description = "Reads the AT Protocol firehose and streams it as light JSON to many websocket subscribers.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionProvider.class,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "[COMMAND]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success, or stopped by TERM or INT",
            "1:it could not start, or failed while running",
            "2:wrong arguments or configuration; nothing was started"
        })
public final class Main {
    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            DemoCommand.class,
            RelayCommand.class,
            TailCommand.class,
            JournalCommand.class,
            DictionaryCommand.class);
    private static final Set<String> OWN_OPTIONS = Set.of("-h", "--help", "-V", "--version");

    private Main() {}

    public static void main(String[] args) {
        String[] all = withDefaultCommand(args);
        if (all[0].equals("serve")) {
            // Until the server has started, a signal just ends the process, with a code of success.
            StopSignals.install(() -> System.exit(ExitCode.OK));
        }
        int code = ExitCode.FAILED;
        try {
            code = commandLine(all).execute(all);
        } catch (Error e) {
            e.printStackTrace();
        } finally {
            System.exit(code);
        }
    }

    /**
     * A command line that can execute these arguments. If they name a command, it knows only that one, so that a server
     * starts without loading the others.
     */
    static CommandLine commandLine(String... args) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> command.getAnnotation(Command.class).name().equals(args[0]))
                .toList();
        CommandLine line = new CommandLine(new Main());
        (named.isEmpty() ? COMMANDS : named)
                .forEach(command ->
                        line.addSubcommand(command == ServeCommand.class ? ServeCommand.commandLine() : command));
        // In the annotation, it would be inherited by every command's help.
        line.getCommandSpec()
                .usageMessage()
                .footer("", "The default command is serve: jetstream --ws-url URL is jetstream serve --ws-url URL.");
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Main::onWrongArguments)
                .setExecutionExceptionHandler(Main::onException);
    }

    /** The arguments, with {@code serve} in front if they name no command. */
    static String[] withDefaultCommand(String... args) {
        boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN_OPTIONS.contains(args[0]));
        return named
                ? args
                : Stream.concat(Stream.of("serve"), Arrays.stream(args)).toArray(String[]::new);
    }

    static int onWrongArguments(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("jetstream: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    /** Prints one sentence; a stack trace only for a bug. */
    static int onException(Exception failure, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        if (failure instanceof ConfigurationException || failure instanceof StartupException) {
            err.println("jetstream: " + failure.getMessage());
        } else {
            err.println("jetstream: unexpected failure; this is a bug:");
            failure.printStackTrace(err);
        }
        err.flush();
        return failure instanceof ConfigurationException ? ExitCode.USAGE : ExitCode.FAILED;
    }

    /** A command that only groups others; alone, it is a wrong argument. */
    abstract static class Group implements Runnable {
        @Spec
        private CommandSpec command;

        @Override
        public final void run() {
            String choices = command.subcommands().keySet().stream()
                    .map(name -> command.name() + " " + name)
                    .collect(Collectors.joining(", "));
            throw new ParameterException(command.commandLine(), "a subcommand is missing: " + choices);
        }
    }

    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"jetstream " + Version.TEXT};
        }
    }
}
