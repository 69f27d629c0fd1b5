package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one data directory. */
@Timeout(180)
class TwoServersIT {
    private static final int FRAMES = 2_000;

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();

    private JarServer launch(URI relay) throws Exception {
        return JarServer.launch(directory, relay, List.of("-XX:TieredStopAtLevel=1"));
    }

    @Test
    void theSecondOneEndsWithASentenceAndTheFirstOneGoesOn() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger)) {
            URI relay = upstream.relay().uri();
            try (JarServer first = launch(relay).awaitListening();
                    Follower follower = new Follower(ledger, 0).connect(first.address(), "?cursor=0");
                    JarServer second = launch(relay)) {
                assertThat(second.awaitExit(60)).isOne();
                assertThat(second.said().lines().reduce("", (before, line) -> line))
                        .startsWith("jetstream: data directory ")
                        .contains("is in use by another server (process " + first.pid() + ")")
                        .contains("data/journal.lock", "stop that one", "jetstream.journal.data-dir");
                assertThat(second.said()).doesNotContain("Exception");
                upstream.source().setLimit(2 * FRAMES);
                upstream.awaitMade(2 * FRAMES);
                follower.awaitEvent(ledger.count());
                assertThat(upstream.relay().cursors()).hasSize(1);
                first.kill();
            }
            try (JarServer third = launch(relay).awaitListening();
                    Follower follower = new Follower(ledger, 0).connect(third.address(), "?cursor=0")) {
                follower.awaitEvent(ledger.count());
            }
        }
    }
}
