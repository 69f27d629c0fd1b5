package dev.jetstream.cli;

import picocli.CommandLine.Command;

/** {@code journal}: what can be done with a journal while no server uses it. */
@Command(name = "journal", description = "Looks after a server's journal.", subcommands = JournalCheckCommand.class)
final class JournalCommand extends CommandGroup {}
