package dev.jetstream.e2e;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A language that public clients are written in, with the packages that {@code src/test/clients} names, in the build directory.
 */
enum ClientRuntime {
    NODE(
            "package-lock.json",
            List.of("node", "npm"),
            List.of("npm", "ci", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1", "--loglevel=error")),
    PYTHON(
            "requirements.txt",
            List.of("python3"),
            List.of(
                    "python3",
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--root-user-action=ignore",
                    "--retries=1",
                    "--target=site",
                    "--upgrade",
                    "--requirement=requirements.txt"));

    private static final long INSTALL_SECONDS = 120;

    private final String versions;
    private final List<String> needs;
    private final List<String> install;
    private String missing;

    ClientRuntime(String versions, List<String> needs, List<String> install) {
        this.versions = versions;
        this.needs = needs;
        this.install = install;
    }

    /** Where scripts and packages lie side by side. */
    Path directory() {
        return Path.of("target", "clients", name().toLowerCase(Locale.ROOT)).toAbsolutePath();
    }

    /** A script with its arguments, ready to start. */
    ProcessBuilder script(String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of(needs.get(0), name));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory().toFile());
        builder.environment().putAll(Map.of("PYTHONPATH", "site", "PYTHONUNBUFFERED", "1"));
        return builder;
    }

    /** Skips the test where the language is not there, or its packages cannot be had. */
    synchronized void assumeReady() throws Exception {
        if (missing == null) {
            missing = prepare();
        }
        assumeTrue(missing.isEmpty(), missing);
    }

    private String prepare() throws Exception {
        for (String tool : needs) {
            if (run(List.of("sh", "-c", "command -v " + tool), Path.of("."), ProcessBuilder.Redirect.DISCARD) != 0) {
                return "needs " + tool;
            }
        }
        Files.createDirectories(directory());
        // Another process of the tests may be at it.
        try (FileChannel turns = FileChannel.open(directory().resolve("lock"), CREATE, WRITE)) {
            turns.lock();
            return install();
        }
    }

    private String install() throws Exception {
        copyScripts();
        Path asked = directory().resolve(versions);
        Path installed = directory().resolve("installed");
        if (Files.exists(installed) && Files.mismatch(asked, installed) < 0) {
            return "";
        }
        Path log = directory().resolve("install.log");
        int code = run(install, directory(), ProcessBuilder.Redirect.to(log.toFile()));
        if (code != 0) {
            return "the packages of " + asked + " cannot be had: see " + log;
        }
        Files.copy(asked, installed, StandardCopyOption.REPLACE_EXISTING);
        return "";
    }

    private void copyScripts() throws IOException {
        Path source = Path.of("src", "test", "clients", name().toLowerCase(Locale.ROOT));
        try (Stream<Path> files = Files.list(source)) {
            for (Path file : files.toList()) {
                Path copy = directory().resolve(file.getFileName());
                if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
                    Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    private static int run(List<String> command, Path directory, ProcessBuilder.Redirect out) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out)
                .start();
        boolean ended = process.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended ? process.exitValue() : -1;
    }
}
