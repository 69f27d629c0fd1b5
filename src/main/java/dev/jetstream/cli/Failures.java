package dev.jetstream.cli;

import dev.jetstream.app.StartupException;
import dev.jetstream.config.ConfigurationException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What an operator sees when something is wrong: one sentence, and no stack trace but for a bug of ours. */
final class Failures {
    private Failures() {}

    static int onWrongArguments(ParameterException failure, String[] args) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("jetstream: " + failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        err.flush();
        return ExitCode.USAGE;
    }

    static int onException(Exception failure, CommandLine command, ParseResult result) {
        PrintWriter err = command.getErr();
        int code = ExitCode.FAILED;
        if (failure instanceof ConfigurationException) {
            err.println("jetstream: " + failure.getMessage());
            code = ExitCode.USAGE;
        } else if (failure instanceof StartupException) {
            err.println("jetstream: " + failure.getMessage());
        } else {
            err.println("jetstream: unexpected failure; this is a bug:");
            failure.printStackTrace(err);
        }
        err.flush();
        return code;
    }
}
