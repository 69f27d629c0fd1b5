package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.http.WireClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that never read, beside one that does, in a process with a small heap. */
@Timeout(120)
class StalledClientIT {
    private static final int STALLED = 20;
    private static final long FRAMES = 85_000;
    private static final int RECEIVE_BUFFER = 4096;
    /** A heap that would not hold what twenty stalled clients are owed, some 60 MB each. */
    private static final List<String> SMALL = List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError");

    private static final double MAX_BYTES = 600e6;
    private static final String TOO_SLOW = "jetstream_subscriber_closes_total{reason=\"too_slow\"}";

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();

    @Test
    void theyAreClosedAndCountedAndNobodyElseNotices() throws Exception {
        List<WireClient> stalled = new ArrayList<>();
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger)) {
            upstream.relay().pause();
            try (JarServer server = JarServer.start(directory, upstream.relay().uri(), SMALL);
                    Follower follower = new Follower(ledger, 0).connect(server.address(), "")) {
                for (int i = 0; i < STALLED; i++) {
                    stalled.add(new WireClient(server.address(), RECEIVE_BUFFER).subscribe("/subscribe"));
                }
                upstream.relay().resume();
                upstream.awaitMade(FRAMES);
                follower.awaitEvent(ledger.count());
                Await.until(() -> value(server, TOO_SLOW) == STALLED, () -> "closed " + value(server, TOO_SLOW));

                assertThat(value(server, "jetstream_subscribers_connected")).isEqualTo(1);
                assertThat(value(server, "consumer_events_persisted_total")).isEqualTo(ledger.count());
                assertThat(value(server, "process_resident_memory_bytes")).isLessThan(MAX_BYTES);
                assertThat(server.said()).contains("consumer too slow").doesNotContain("ERROR", "Exception");
            }
        } finally {
            for (WireClient client : stalled) {
                client.close();
            }
        }
    }

    private static double value(JarServer server, String sample) {
        return server.scrapeOrFail().value(sample);
    }
}
