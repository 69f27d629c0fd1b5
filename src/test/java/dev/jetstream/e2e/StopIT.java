package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real jar under load, told to stop: what subscribers get goes on exactly where it was. */
@Timeout(180)
class StopIT {
    private static final long MAX_FRAMES = 200_000;
    /** Frames that the relay still sends once the last server is up. */
    private static final int FRAMES_AT_THE_END = 4_000;

    private static final long STOP_SECONDS = 10;

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();

    private Upstream relay() throws Exception {
        return Upstream.start(Upstream.frames(MAX_FRAMES), ledger);
    }

    private JarServer serve(Upstream upstream) throws Exception {
        return JarServer.start(directory, upstream.relay().uri(), List.of());
    }

    @Test
    void aTermUnderLoadIsAnOrderlyEndAndARestartGoesOn() throws Exception {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            followers.add(new Follower(ledger, 0));
        }
        try (Upstream upstream = relay()) {
            try (JarServer server = serve(upstream)) {
                for (Follower follower : followers) {
                    follower.connect(server.address(), "?cursor=0");
                }
                for (Follower follower : followers) {
                    follower.awaitEvent(4_000);
                }
                server.terminate();
                assertThat(server.awaitExit(STOP_SECONDS)).as(server.said()).isZero();
                assertThat(followers).allMatch(follower -> follower.awaitClose() == 1012);
                assertThat(server.saidFrom("stopping"))
                        .doesNotContain("WARN", "ERROR", "Exception")
                        .endsWith("stopped");
            }
            try (JarServer server = serve(upstream)) {
                goOn(upstream, server, followers);
            }
        } finally {
            for (Follower follower : followers) {
                follower.close();
            }
        }
    }

    /** All that the relay sends until now reaches all; a replay from the start has the same events with the same times. */
    private void goOn(Upstream upstream, JarServer server, List<Follower> followers) throws Exception {
        for (Follower follower : followers) {
            follower.resume(server.address());
        }
        long end = upstream.source().newestSeq() + FRAMES_AT_THE_END;
        upstream.source().setLimit(end);
        upstream.awaitMade(end);
        for (Follower follower : followers) {
            follower.awaitEvent(ledger.count());
        }
        try (Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            long[] times = replay.awaitEvent(ledger.count()).times();
            assertThat(followers)
                    .allSatisfy(follower -> assertThat(follower.times()).isEqualTo(times));
        }
    }
}
