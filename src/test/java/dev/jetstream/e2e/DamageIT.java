package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.app.StartupException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on a journal whose file was damaged from outside. */
@Timeout(180)
class DamageIT {
    private static final int FRAMES = 6_000;
    private static final int FRAMES_BEHIND = 1_000;
    private static final int PAGE_BYTES = 16_384;
    private static final String SKIP = "skip";
    private static final String STOP = "stop";

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();
    private final Random random = Seed.random("damage");

    private Path data() {
        return directory.resolve("data");
    }

    private TestServer serve(Upstream upstream, String onDamage) throws Exception {
        return TestServer.start(data(), upstream.relay().uri(), settings(onDamage));
    }

    private TestServer serve(Upstream upstream, String onDamage, LongSupplier clockUs) throws Exception {
        return TestServer.start(data(), upstream.relay().uri(), settings(onDamage), clockUs);
    }

    private static Map<String, String> settings(String onDamage) {
        Map<String, String> settings = new HashMap<>();
        settings.put("jetstream.journal.on-damage", onDamage);
        settings.put("jetstream.sequence.max-events", "10");
        settings.put("jetstream.sequence.min-interval", "0s");
        settings.put("jetstream.sequence.max-interval", "0s");
        return settings;
    }

    /** A relay, and a journal of all that it sent so far; says the newest event's time. */
    private long fill(Upstream upstream) throws Exception {
        try (TestServer server = serve(upstream, STOP);
                Follower follower = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            upstream.awaitMade(FRAMES);
            follower.awaitEvent(ledger.count());
            return follower.lastTime();
        }
    }

    private Upstream relay() throws Exception {
        return Upstream.start(Upstream.frames(FRAMES), ledger);
    }

    /** All that the relay has sent, and sends now. */
    private void sendMore(Upstream upstream) {
        long end = upstream.source().newestSeq() + FRAMES_BEHIND;
        upstream.source().setLimit(end);
        upstream.awaitMade(end);
    }

    private long damageBlock(long number) throws Exception {
        try (JournalFile journal = JournalFile.of(directory)) {
            journal.flipBit(number, random);
        }
        return number;
    }

    /** Overwrites a page in the middle of the table. */
    private void overwritePage() throws Exception {
        long page;
        try (JournalFile journal = JournalFile.of(directory)) {
            page = journal.leafInTheMiddle();
        }
        byte[] garbage = new byte[PAGE_BYTES];
        random.nextBytes(garbage);
        garbage[0] = 0;
        try (RandomAccessFile file =
                new RandomAccessFile(JournalFile.path(directory).toFile(), "rw")) {
            file.seek((page - 1) * PAGE_BYTES);
            file.write(garbage);
        }
    }

    private String check() throws Exception {
        JarCommand check = JarCommand.run(directory, "journal", "check");
        assertThat(check.exitCode()).as(check.output()).isOne();
        return check.output();
    }

    @Test
    void aFlippedBitInTheMiddleStopsReadersThereOrCostsItsBlock() throws Exception {
        try (Upstream upstream = relay()) {
            fill(upstream);
            long number;
            try (JournalFile journal = JournalFile.of(directory)) {
                number = damageBlock(journal.newest() / 2);
            }
            assertReadersStop(upstream);
            assertReadersSkip(upstream, 1, 100);
            assertThat(check()).contains("damage    block " + number + " cannot be read: checksum does not fit");
        }
    }

    @Test
    void anOverwrittenPageInTheMiddleStopsReadersThereOrCostsItsBlocks() throws Exception {
        try (Upstream upstream = relay()) {
            fill(upstream);
            overwritePage();
            assertReadersStop(upstream);
            assertReadersSkip(upstream, 2, 2_000);
            assertThat(check())
                    .containsPattern("damage    blocks \\d+ to \\d+ cannot be read: .*malformed")
                    .contains("damage    database: ")
                    .contains("jetstream.journal.on-damage = skip");
        }
    }

    /** What comes before is sent, then the connection is closed; others, behind, do not notice, and ingest goes on. */
    private void assertReadersStop(Upstream upstream) throws Exception {
        try (TestServer server = serve(upstream, STOP);
                Follower live = new Follower(ledger).connect(server.address(), "");
                Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            sendMore(upstream);
            live.awaitEvent(ledger.count());
            assertThat(replay.awaitClose()).isEqualTo(1011);
            assertThat(replay.assertNoFault().next()).isBetween(1, ledger.count() - FRAMES_BEHIND);
        }
    }

    private void assertReadersSkip(Upstream upstream, int least, int most) throws Exception {
        Places places = new Places(ledger);
        try (TestServer server = serve(upstream, SKIP)) {
            EventClient replay = server.subscribe("?cursor=0", places);
            sendMore(upstream);
            Await.until(() -> places.last() == ledger.count() - 1, () -> places.last() + " of " + ledger.count());
            replay.close();
            assertThat(places.inOrder()).isTrue();
            assertThat(ledger.count() - places.count()).isBetween(least, most);
            assertThat(places.gaps()).isOne();
            assertEachTimeIsFound(server, places);
        }
    }

    /** Cursors before, in, and behind the damage begin where they should. */
    private void assertEachTimeIsFound(TestServer server, Places places) throws Exception {
        for (int i = 0; i < 20; i++) {
            long from = places.time(random.nextInt(places.count()));
            assertThat(Replayed.times(server.address(), "", from, 1)).containsExactly(from);
        }
        long lost = places.timeBeforeGap() + 1;
        assertThat(Replayed.times(server.address(), "", lost, 1)).containsExactly(places.timeBehindGap());
    }

    @Test
    void aFileThatWasCutOffIsRefusedWithOneSentence() throws Exception {
        try (Upstream upstream = relay()) {
            fill(upstream);
            Path file = JournalFile.path(directory);
            try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
                cut.setLength(cut.length() * 6 / 10);
            }
            for (String onDamage : List.of(STOP, SKIP)) {
                assertRefused(upstream, onDamage, "journal " + file, "damaged", "restore it", "move it away");
            }
            assertThat(check())
                    .contains(file.toString().substring(directory.toString().length() + 1), "damage");
        }
    }

    private void assertRefused(Upstream upstream, String onDamage, String... says) {
        assertThatThrownBy(() -> serve(upstream, onDamage).close())
                .isInstanceOf(StartupException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).contains(says).doesNotContain("\n"));
    }

    @Test
    void damagedNewestBlocksAreRefusedOrFetchedAgainFromTheRelay() throws Exception {
        try (Upstream upstream = relay()) {
            long lastTime = fill(upstream);
            long newest;
            try (JournalFile journal = JournalFile.of(directory)) {
                newest = journal.newest();
            }
            damageBlock(newest - 2);
            damageBlock(newest);
            damageBlock(newest - 1);
            assertRefused(
                    upstream,
                    STOP,
                    "the newest block, " + newest,
                    JournalFile.path(directory).toString(),
                    "checksum does not fit",
                    "jetstream.journal.on-damage = skip");
            assertFetchedAgain(upstream, lastTime, newest);
            assertThat(check()).contains("block " + (newest - 2) + " cannot", "block " + newest + " cannot");
        }
    }

    /** By a clock that was set back meanwhile: not even then is a time given out twice. */
    private void assertFetchedAgain(Upstream upstream, long lastTime, long newest) throws Exception {
        LongSupplier anHourEarlier = () -> System.currentTimeMillis() * 1000 - 3_600_000_000L;
        int had = ledger.count();
        try (TestServer server = serve(upstream, SKIP, anHourEarlier);
                Follower behind = new Follower(ledger).connect(server.address(), "?cursor=" + (lastTime + 1));
                Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            sendMore(upstream);
            long[] times = replay.awaitEvent(ledger.count()).times();
            behind.awaitEvent(ledger.count());
            assertThat(behind.first()).isBetween(had - 100, had - 3);
            assertThat(times[behind.first()]).isGreaterThan(lastTime);
        }
        try (JournalFile journal = JournalFile.of(directory)) {
            assertThat(journal.newest()).isGreaterThan(newest);
            assertThat(journal.number("SELECT count(*) FROM event_journal")).isEqualTo(journal.newest());
        }
    }

    @Test
    void aJournalWithoutOneWholeBlockGoesOnLive() throws Exception {
        try (Upstream upstream = relay()) {
            long lastTime = fill(upstream);
            try (JournalFile journal = JournalFile.of(directory)) {
                journal.execute("UPDATE event_journal SET event_payload = x'4a01'");
            }
            try (TestServer server = serve(upstream, SKIP);
                    Follower follower = new Follower(ledger).connect(server.address(), "?cursor=0")) {
                Await.until(() -> !upstream.relay().cursors().isEmpty(), () -> "connected");
                sendMore(upstream);
                follower.awaitEvent(ledger.count());
                assertThat(follower.times()[0]).isGreaterThan(lastTime);
            }
        }
    }

    @Test
    void aDeletedWriteAheadLogLeavesAnOlderJournalWhoseTailComesAgain() throws Exception {
        try (Upstream upstream = relay()) {
            long lastTime = fill(upstream);
            int held = ledger.count();
            try (JarServer server =
                    JarServer.start(directory, upstream.relay().uri(), List.of("-XX:TieredStopAtLevel=1"))) {
                sendMore(upstream);
                try (Follower follower = new Follower(ledger).connect(server.address(), "?cursor=" + lastTime)) {
                    follower.awaitEvent(ledger.count());
                }
                server.kill();
            }
            for (String end : List.of("-wal", "-shm")) {
                Files.delete(JournalFile.path(directory).resolveSibling("journal.sqlite" + end));
            }
            try (JournalFile journal = JournalFile.of(directory)) {
                assertThat(journal.newest()).isPositive();
            }
            try (TestServer server = serve(upstream, STOP);
                    Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                assertThat(replay.awaitEvent(ledger.count()).times()[held]).isGreaterThan(lastTime);
            }
        }
    }
}
