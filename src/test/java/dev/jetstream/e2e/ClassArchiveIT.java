package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script that makes a class archive, as the image and the systemd unit use it. */
@Timeout(120)
class ClassArchiveIT {
    private static final String SCRIPT = "deploy/make-class-archive.sh";
    private static final URI NOBODY = URI.create("ws://127.0.0.1:1/");

    @TempDir
    Path directory;

    @Test
    void aStartUsesTheArchive() throws Exception {
        Path archive = directory.resolve("classes.jsa");
        assertThat(makeArchive(JarServer.java(List.of()).get(2), archive)).isEmpty();
        List<String> options =
                List.of("-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load=info:stdout:none");
        try (JarServer next = JarServer.start(directory, NOBODY, options)) {
            next.terminate();
            assertThat(next.awaitExit(60)).isZero();
            assertThat(next.said())
                    .contains("dev.jetstream.app.Server source: shared objects file (top)")
                    .contains("org.apache.pekko.actor.ActorSystemImpl source: shared objects file (top)");
        }
    }

    @Test
    void aServerThatCannotStartIsReported() throws Exception {
        assertThat(makeArchive("no.jar", directory.resolve("classes.jsa")))
                .contains("Unable to access jarfile no.jar", "the server ended before it served", "exit code 1");
    }

    @Test
    void theImageAndTheUnitUseTheArchiveWithoutALimitOnTime() throws Exception {
        String image = Files.readString(Path.of("Dockerfile"));
        assertThat(image)
                .contains(SCRIPT + " /opt", "-XX:SharedArchiveFile=/opt/jetstream/classes.jsa")
                .doesNotContainPattern("timeout .*java");
        assertThat(Files.readString(Path.of("deploy/jetstream.service")))
                .contains(SCRIPT, "-XX:SharedArchiveFile=/opt/jetstream/classes.jsa");
        assertThat(Files.readString(Path.of(".dockerignore"))).contains("!" + SCRIPT);
    }

    /** What the script prints, and its exit code unless that is 0. */
    private String makeArchive(String jar, Path archive) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(SCRIPT, jar, archive.toString()).redirectErrorStream(true);
        builder.environment().put("JAVA", JarServer.JAVA.toString());
        builder.environment().put("TMPDIR", directory.toString());
        Process script = builder.start();
        try {
            String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = script.waitFor();
            return code == 0 ? said : said + "exit code " + code;
        } finally {
            script.destroy();
        }
    }
}
