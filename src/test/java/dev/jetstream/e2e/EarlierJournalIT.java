package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal file written by an earlier version opens and replays byte for byte.
 *
 * <p>The earlier server read {@code jetstream relay --rate 0 --limit 900 --seed 16} and was stopped; the digest is that of the
 * lines that it sent to {@code /subscribe?cursor=1}, each with a line feed.
 */
@Timeout(180)
class EarlierJournalIT {
    private static final URI NO_RELAY = URI.create("ws://127.0.0.1:1/xrpc/com.atproto.sync.subscribeRepos");
    private static final int EVENTS = 1_209;
    private static final long FIRST_TIME_US = 1_795_652_869_220_956L;
    private static final String LINES_SHA_256 = "714685e5bc8e43dfbfcfdfe7d8d5ca98bb45ecd37137e1a82aeddf4c4de39e4d";

    @TempDir
    Path directory;

    @Test
    void replaysWhatTheEarlierVersionSent() throws Exception {
        try (InputStream journal = EarlierJournalIT.class.getResourceAsStream("/journals/format-1.sqlite")) {
            Files.copy(journal, directory.resolve("journal.sqlite"));
        }
        // The second start reads what the first one left.
        for (int start = 0; start < 2; start++) {
            assertReplay();
        }
    }

    private void assertReplay() throws Exception {
        MessageDigest lines = MessageDigest.getInstance("SHA-256");
        AtomicInteger count = new AtomicInteger();
        try (TestServer server =
                TestServer.start(directory, NO_RELAY, Map.of("jetstream.journal.event-ttl", "36500d"))) {
            EventClient replay = server.subscribe("?cursor=1", (opcode, bytes, from, to) -> {
                lines.update(bytes, from, to - from);
                lines.update((byte) '\n');
                count.incrementAndGet();
            });
            Await.until(() -> count.get() >= EVENTS, () -> count + " of " + EVENTS + " events");
            replay.close();
            assertThat(count).hasValue(EVENTS);
            assertThat(HexFormat.of().formatHex(lines.digest())).isEqualTo(LINES_SHA_256);
            assertThat(Replayed.times(server.address(), "", FIRST_TIME_US, 1)).containsExactly(FIRST_TIME_US);
        }
    }
}
