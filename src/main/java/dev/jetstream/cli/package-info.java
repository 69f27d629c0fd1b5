/**
 * The command line: {@link dev.jetstream.cli.Main} and a class for each command.
 *
 * <p>In: arguments. Out: what an operator reads, and an exit code. A command parses, calls the package that does the work, and
 * turns an operator's mistake into one sentence on standard error.
 */
package dev.jetstream.cli;
