package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real jar, killed while it deletes what is too old. */
@Timeout(180)
class KilledRetentionIT {
    private static final int OLD_FRAMES = 6_000;
    private static final int NEW_FRAMES = 500;
    private static final int KILLS = 3;
    private static final long HOUR_US = TimeUnit.HOURS.toMicros(1);

    /** Deletes go by blocks: many of them take a while. */
    private static final Map<String, String> SMALL_BLOCKS = Map.of(
            "jetstream.sequence.max-events", "1",
            "jetstream.sequence.min-interval", "0s",
            "jetstream.sequence.max-interval", "0s");

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();

    @Test
    void killsWhileRetentionDeletesTakeNothingThatIsToBeKept() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(OLD_FRAMES), ledger);
                Follower follower = new Follower(ledger, 0)) {
            long firstKept = 1 + fill(upstream, follower, OLD_FRAMES, HOUR_US);
            int kept = ledger.count();
            fill(upstream, follower, OLD_FRAMES + NEW_FRAMES, 0);
            for (int kill = 1; kill <= KILLS; kill++) {
                killWhileItDeletes(upstream, firstKept);
            }
            try (JarServer server = serve(upstream).awaitListening();
                    JournalFile journal = JournalFile.of(directory)) {
                follower.resume(server.address());
                upstream.source().setLimit(OLD_FRAMES + 2 * NEW_FRAMES);
                upstream.awaitMade(OLD_FRAMES + 2 * NEW_FRAMES);
                long[] times = follower.awaitEvent(ledger.count()).times();
                Await.until(() -> journal.oldest() == firstKept, () -> "oldest block " + journal.oldest());
                try (Follower replay = new Follower(ledger, kept).connect(server.address(), "?cursor=0")) {
                    assertThat(replay.awaitEvent(ledger.count()).times())
                            .isEqualTo(Arrays.copyOfRange(times, kept, times.length));
                }
            }
        }
    }

    /** All that the relay sends up to a frame, by a clock that is late by so much; says which block is the newest then. */
    private long fill(Upstream upstream, Follower follower, long frames, long lateUs) throws Exception {
        upstream.source().setLimit(frames);
        try (TestServer server = TestServer.start(
                directory.resolve("data"),
                upstream.relay().uri(),
                SMALL_BLOCKS,
                () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) - lateUs)) {
            follower.resume(server.address());
            upstream.awaitMade(frames);
            follower.awaitEvent(ledger.count());
        }
        try (JournalFile journal = JournalFile.of(directory)) {
            return journal.newest();
        }
    }

    private JarServer serve(Upstream upstream) throws Exception {
        return JarServer.launch(
                directory, upstream.relay().uri(), List.of("-XX:TieredStopAtLevel=1"), "--event-ttl", "10m");
    }

    private void killWhileItDeletes(Upstream upstream, long firstKept) throws Exception {
        try (JarServer server = serve(upstream);
                JournalFile journal = JournalFile.of(directory)) {
            long before = journal.oldest();
            Await.until(() -> journal.oldest() > before, server::said);
            server.kill();
            assertThat(journal.oldest())
                    .as("killed before all was deleted")
                    .isGreaterThan(before)
                    .isLessThan(firstKept);
        }
    }
}
