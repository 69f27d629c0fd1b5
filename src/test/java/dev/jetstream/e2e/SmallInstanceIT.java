package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An instance that keeps nothing of what its relay sends still advances at the relay, across restarts. */
@Timeout(180)
class SmallInstanceIT {
    private static final long FRAMES = 5_000;
    private static final double FRAMES_PER_SECOND = 1_000;

    @TempDir
    Path data;

    private final Ledger ledger = new Ledger();

    @Test
    void aRestartResumesAfterFramesThatGaveNoEvent() throws Exception {
        Map<String, String> keepsNothing = Map.of("jetstream.upstream.dids", "did:plc:nobody");
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES).withRate(FRAMES_PER_SECOND), ledger)) {
            upstream.relay().pause();
            try (TestServer server = TestServer.start(data, upstream.relay().uri(), keepsNothing)) {
                Await.until(() -> upstream.relay().cursors().size() == 1, () -> "a connection");
                Scrape before = server.scrape();
                upstream.relay().resume();
                upstream.awaitMade(FRAMES);
                Scrape after = server.awaitScrape(scrape ->
                        scrape.since(before, "jetstream_events_dropped_total{reason=\"excluded\"}") > FRAMES / 2);
                assertThat(after.since(before, "jetstream_blocks_total")).isZero();
            }
            try (TestServer server = TestServer.start(data, upstream.relay().uri(), keepsNothing)) {
                server.awaitScrape(scrape -> upstream.relay().cursors().size() == 2);
                List<OptionalLong> cursors = upstream.relay().cursors();
                assertThat(cursors.get(0)).isEmpty();
                assertThat(cursors.get(1).orElseThrow()).isBetween(1L, FRAMES);
            }
        }
    }
}
