package dev.jetstream.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command of the jar that was run to its end.
 *
 * @param output all that it printed, on both streams
 */
record JarCommand(int exitCode, String output) {
    /** Runs it in a directory, with the usual settings. */
    static JarCommand run(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(JarServer.java(List.of("-XX:TieredStopAtLevel=1")));
        command.addAll(List.of(arguments));
        Process process = JarServer.builder(directory, command).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new JarCommand(process.waitFor(), output);
    }
}
