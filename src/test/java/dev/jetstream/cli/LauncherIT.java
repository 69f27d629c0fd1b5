package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code jetstream}, which the build puts beside the jar. */
@Timeout(300)
class LauncherIT {
    private static final Path SCRIPT = Path.of("bin/jetstream");

    @TempDir
    Path directory;

    private Path launcher;

    @BeforeEach
    void install() throws Exception {
        Path jar = Path.of(System.getProperty("jetstream.jar", "target/jetstream.jar"));
        assumeTrue(Files.exists(jar), () -> "there is no " + jar + ": mvn package makes it");
        launcher = directory.resolve("jetstream");
        Files.copy(jar.resolveSibling("jetstream"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(jar, directory.resolve("jetstream.jar"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private ProcessBuilder launch(String javaOptions, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JETSTREAM_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("JAVA_OPTS", javaOptions);
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        builder.environment().remove("CACHE_DIRECTORY");
        return builder.redirectErrorStream(true);
    }

    /** Starts a server, stops it by TERM once it listens, and returns its output. */
    private String serve(String javaOptions) throws Exception {
        Process server = launch(
                        javaOptions,
                        "--ws-url=ws://127.0.0.1:1/",
                        "--listen-addr=127.0.0.1:0",
                        "--metrics-listen-addr=127.0.0.1:0")
                .start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader output = server.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.contains("listening subscribe=")) {
                    // Process.destroy would close the output.
                    server.toHandle().destroy();
                }
            }
            assertThat(server.waitFor()).as(said.toString()).isZero();
        } finally {
            server.destroyForcibly();
        }
        return said.toString();
    }

    @Test
    void theSecondStartTakesItsClassesFromTheArchiveOfTheFirst() throws Exception {
        String first = serve("");
        assertThat(first.lines()).as("nothing but the log").allMatch(line -> line.matches("\\d{4}-.*Z (INFO|WARN) .*"));
        assertClassesAreArchived();
    }

    @Test
    void theArchiveOfAServerThatDidNotStartIsReplaced() throws Exception {
        Process failed = launch("", "--event-ttl=nonsense").start();
        assertThat(failed.inputReader().lines()).anyMatch(line -> line.contains("event-ttl"));
        assertThat(failed.waitFor()).isEqualTo(2);
        serve("");
        assertClassesAreArchived();
    }

    @Test
    void makesTheArchiveBesideTheJarWithoutALimitOnTime() throws Exception {
        Process make = launch("", "--make-class-archive").start();
        assertThat(new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(make.waitFor()).isZero();
        assertThat(directory.resolve("classes.jsa")).isNotEmptyFile();
        assertClassesAreArchived();
        assertThat(directory.resolve("cache")).doesNotExist();
    }

    private void assertClassesAreArchived() throws Exception {
        Path classes = directory.resolve("classes.txt");
        serve("-Xshare:on -Xlog:class+load=info:file=" + classes);
        assertThat(Files.readString(classes))
                .contains("dev.jetstream.app.Server source: shared objects file (top)")
                .contains("org.apache.pekko.actor.ActorSystemImpl source: shared objects file (top)");
    }

    @Test
    void anArchiveThatCannotBeMadeIsReported() throws Exception {
        Process make = launch("-Djetstream.http.max-connections=none", "--make-class-archive")
                .start();
        assertThat(new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("max-connections", "jetstream: could not write ", "exited with code 2");
        assertThat(make.waitFor()).isEqualTo(1);
    }

    @Test
    void theImageAndTheUnitUseTheLauncher() throws Exception {
        assertThat(Files.readString(Path.of("Dockerfile")))
                .contains("jetstream --make-class-archive", "ENTRYPOINT [\"/opt/jetstream/jetstream\"]");
        assertThat(Files.readString(Path.of(".dockerignore"))).contains("!bin");
        assertThat(Files.readString(Path.of("deploy/jetstream.service")))
                .contains("ExecStart=/opt/jetstream/jetstream serve", "CacheDirectory=jetstream");
    }

    @Test
    void passesArgumentsOutputAndExitCodeThrough() throws Exception {
        Process help = launch("", "serve", "--help").start();
        assertThat(help.inputReader().readLine()).startsWith("Usage: jetstream serve");
        assertThat(help.waitFor()).isZero();
        Process wrong =
                launch("", "journal", "check", "--data-dir=a b", "--no-such").start();
        assertThat(wrong.inputReader().readLine()).contains("--no-such");
        assertThat(wrong.waitFor()).isEqualTo(2);
        assertThat(directory.resolve("cache"))
                .as("only a server makes an archive")
                .doesNotExist();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Files.delete(directory.resolve("jetstream.jar"));
        Process process = launch("").start();
        assertThat(process.inputReader().readLine()).startsWith("jetstream: no jetstream.jar in ");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void shellcheckFindsNothing() throws Exception {
        Process check;
        try {
            check = new ProcessBuilder("shellcheck", SCRIPT.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (java.io.IOException e) {
            assumeTrue(false, "shellcheck is not installed");
            return;
        }
        assertThat(new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
    }
}
