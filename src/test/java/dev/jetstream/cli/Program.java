package dev.jetstream.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The program run in this process: what one run gave. */
record Program(int code, String out, String err) {
    static Program run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] all = Main.withDefaultCommand(args);
        CommandLine commandLine = Main.commandLine(all)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        int code = commandLine.execute(all);
        return new Program(code, out.toString(), err.toString());
    }
}
