package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.relay.RelayOptions;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay that cannot be reached is no reason to end: the process says so, keeps trying, and begins when the relay is there. */
@Timeout(120)
class UnreachableRelayIT {
    private static final int FRAMES = 100;

    @TempDir
    Path directory;

    @Test
    void itIsSaidAndTriedAgainUntilItIsThere() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        URI relay = URI.create("ws://127.0.0.1:" + port + "/xrpc/com.atproto.sync.subscribeRepos");
        Ledger ledger = new Ledger();
        try (JarServer server = JarServer.start(directory, relay, List.of());
                Follower follower = new Follower(ledger, 0).connect(server.address(), "")) {
            Await.until(
                    () -> server.said().contains("cannot connect to 127.0.0.1:" + port + ": Connection refused"),
                    server::said);
            try (Upstream upstream =
                    Upstream.start(Upstream.frames(FRAMES), RelayOptions.at("127.0.0.1", port), ledger)) {
                upstream.awaitMade(FRAMES);
                follower.awaitEvent(ledger.count());
                server.terminate();
                assertThat(server.awaitExit(10)).as(server.said()).isZero();
            }
            assertThat(server.said()).doesNotContain("Exception", "\tat ");
        }
    }
}
