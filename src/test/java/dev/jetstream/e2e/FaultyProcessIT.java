package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.app.FaultyServer;
import dev.jetstream.app.FaultyServer.Place;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose server meets the same fault again and again: it is gone then, with an exit code that says so. */
@Timeout(120)
class FaultyProcessIT {
    @TempDir
    Path data;

    /** The server's end is the process's, as it is of {@code serve}. */
    static final class FaultyProcess {
        private FaultyProcess() {}

        /** @param args data directory, relay */
        public static void main(String[] args) throws Exception {
            try (FaultyServer faulty = FaultyServer.start(TestServer.settings(Path.of(args[0]), URI.create(args[1])))) {
                faulty.fail(Place.SEQUENCE_STAGE, Integer.MAX_VALUE);
                System.exit(faulty.server().awaitTermination());
            }
        }
    }

    @Test
    void aFaultThatComesBackAgainAndAgainEndsTheProcess() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(0).withRate(1_000), new Ledger())) {
            List<String> command = List.of(
                    JarServer.JAVA.toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    FaultyProcess.class.getName(),
                    data.toString(),
                    upstream.relay().uri().toString());
            Path said = data.resolve("said.txt");
            Process process = JarServer.builder(data, command)
                    .redirectOutput(said.toFile())
                    .start();
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(Files.readString(said))
                        .contains("the server cannot continue and stops reason=", "made to fail at SEQUENCE_STAGE");
                assertThat(process.exitValue()).isEqualTo(1);
            } finally {
                process.destroyForcibly();
            }
        }
    }
}
