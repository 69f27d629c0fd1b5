/**
 * The command line: {@link dev.jetstream.cli.Main} and a class for each command.
 *
 * <p>A command parses its arguments, calls the package that does the work, and reports a user's mistake as one sentence on
 * standard error. {@link dev.jetstream.cli.Logging} configures the log.
 */
package dev.jetstream.cli;
