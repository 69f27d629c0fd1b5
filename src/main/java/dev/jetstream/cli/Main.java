package dev.jetstream.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: picks the command, {@code serve} where none is named. */
@Command(
        name = "jetstream",
        description = "Reads the AT Protocol firehose and streams it as light JSON to many websocket subscribers.",
        mixinStandardHelpOptions = true,
        versionProvider = ProgramName.class,
        scope = CommandLine.ScopeType.INHERIT,
        synopsisSubcommandLabel = "[COMMAND]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well; also after TERM or INT",
            "1:it could not start, or failed while it ran",
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
        System.exit(commandLine(all).execute(all));
    }

    /**
     * The command line for these arguments, ready to execute them. It knows only the command that they name, if they name one:
     * a server that starts does not pay for the others.
     */
    static CommandLine commandLine(String... args) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> command.getAnnotation(Command.class).name().equals(args[0]))
                .toList();
        return commandLine(named.isEmpty() ? COMMANDS : named);
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine line = new CommandLine(new Main());
        commands.forEach(line::addSubcommand);
        // Set here, because an inherited footer would end every command's help.
        line.getCommandSpec()
                .usageMessage()
                .footer("", "Without a command it serves: jetstream --ws-url URL is jetstream serve --ws-url URL.");
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Failures::onWrongArguments)
                .setExecutionExceptionHandler(Failures::onException);
    }

    /** {@code serve} goes first where no command does. */
    static String[] withDefaultCommand(String... args) {
        boolean named = args.length > 0 && (!args[0].startsWith("-") || OWN_OPTIONS.contains(args[0]));
        if (named) {
            return args;
        }
        return Stream.concat(Stream.of("serve"), Arrays.stream(args)).toArray(String[]::new);
    }
}
