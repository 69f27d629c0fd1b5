package dev.jetstream.cli;

import picocli.CommandLine.Command;

/** {@code dictionary}: the zstd dictionary that clients hold. */
@Command(
        name = "dictionary",
        description =
                "Gets or checks the official zstd dictionary, with which compressed messages are a third smaller.",
        subcommands = {DictionaryFetchCommand.class, DictionaryCheckCommand.class})
final class DictionaryCommand extends CommandGroup {}
