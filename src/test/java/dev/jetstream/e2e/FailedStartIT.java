package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.app.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A start that fails leaves nothing behind, and one that is interrupted ends in order. */
@Timeout(120)
class FailedStartIT {
    private static final URI RELAY = URI.create("ws://127.0.0.1:1/");

    @TempDir
    Path directory;

    @Test
    void anActorSystemThatCannotBeMadeLeavesTheJournalUnlocked() throws Exception {
        Path data = directory.resolve("data");
        Path file = Files.writeString(directory.resolve("broken.conf"), "pekko.actor.provider = no.such.Provider");
        assertThatThrownBy(() -> TestServer.start(data, RELAY, Map.of(), file))
                .hasMessageContaining("no.such.Provider");
        TestServer.start(data, RELAY).close();
    }

    @Test
    void aPortThatIsTakenIsFoundBeforeTheJournalIsTouched() throws IOException {
        Path data = directory.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            for (String listener : List.of("--listen-addr", "--metrics-listen-addr")) {
                assertThatThrownBy(() ->
                                TestServer.start(data, RELAY, Map.of(listener, "127.0.0.1:" + taken.getLocalPort())))
                        .isInstanceOf(StartupException.class)
                        .hasMessageContaining("cannot listen on");
            }
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aTermDuringTheStartEndsWithZero() throws Exception {
        try (JarServer server = JarServer.launch(directory, RELAY, List.of())) {
            Await.until(() -> server.said().contains("configuration file:"), server::said);
            server.terminate();
            assertThat(server.awaitExit(60)).as(server.said()).isZero();
        }
    }
}
