package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The JVM can keep the classes of a start for the next one, as the image has it do. */
@Timeout(120)
class ClassArchiveIT {
    private static final URI NOBODY = URI.create("ws://127.0.0.1:1/");

    @TempDir
    Path directory;

    @Test
    void aStartFromTheArchiveOfAnother() throws Exception {
        Path archive = directory.resolve("classes.jsa");
        try (JarServer first = JarServer.start(directory, NOBODY, List.of("-XX:ArchiveClassesAtExit=" + archive))) {
            first.terminate();
            assertThat(first.awaitExit(60)).isZero();
        }
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
}
