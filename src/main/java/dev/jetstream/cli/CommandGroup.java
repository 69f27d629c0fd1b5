package dev.jetstream.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others: by itself it is a wrong argument. */
abstract class CommandGroup implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public final void run() {
        throw new ParameterException(
                command.commandLine(),
                "say which: "
                        + String.join(
                                ", ",
                                command.subcommands().keySet().stream()
                                        .map(name -> command.name() + " " + name)
                                        .toList()));
    }
}
