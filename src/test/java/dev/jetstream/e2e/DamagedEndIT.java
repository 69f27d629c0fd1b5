package dev.jetstream.e2e;

import static dev.jetstream.e2e.DamagedServer.SKIP;
import static dev.jetstream.e2e.DamagedServer.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on a journal whose end was damaged, or is gone: it is there that it would go on. */
@Timeout(180)
class DamagedEndIT {
    private static final LongSupplier AN_HOUR_AGO =
            () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()) - TimeUnit.HOURS.toMicros(1);

    private static final LongSupplier NOW = () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    private static final Pattern OVERRIDE = Pattern.compile("start once with --override-relay-cursor (\\d+)");

    @TempDir
    Path directory;

    @Test
    void damagedNewestBlocksAreRefusedOrFetchedAgainFromTheRelay() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            long newest = damaged.ask(JournalFile::newest);
            for (long block = newest - 2; block <= newest; block++) {
                damaged.flipBit(block);
            }
            damaged.assertRefused(
                    STOP,
                    "the newest block, " + newest,
                    damaged.file().toString(),
                    "checksum does not fit",
                    "jetstream.journal.on-damage = skip");
            assertFetchedAgain(damaged, newest);
            assertThat(damaged.check()).contains("block " + (newest - 2) + " cannot", "block " + newest + " cannot");
        }
    }

    /** By a clock that was set back meanwhile: not even then is a time given out twice. */
    private static void assertFetchedAgain(DamagedServer damaged, long newest) throws Exception {
        Ledger ledger = damaged.ledger;
        int had = ledger.count();
        try (TestServer server = damaged.serve(SKIP, AN_HOUR_AGO);
                Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0");
                Follower behind = new Follower(ledger).connect(server.address(), "?cursor=" + (damaged.lastTime + 1))) {
            damaged.sendMore();
            long[] times = replay.awaitEvent(ledger.count()).times();
            behind.awaitEvent(ledger.count());
            assertThat(behind.first()).isBetween(had - 100, had - 3);
            assertThat(times[behind.first()]).isGreaterThan(damaged.lastTime);
        }
        assertThat(damaged.ask(JournalFile::newest)).isGreaterThan(newest);
        assertThat(damaged.ask(journal -> journal.number("SELECT count(*) FROM event_journal")))
                .isEqualTo(damaged.ask(JournalFile::newest));
    }

    @Test
    void aJournalWithoutOneWholeBlockGoesOnLive() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            try (JournalFile journal = JournalFile.of(directory)) {
                journal.execute("UPDATE event_journal SET event_payload = x'4a01'");
            }
            int connected = damaged.upstream.relay().cursors().size();
            try (TestServer server = damaged.serve(SKIP);
                    Follower follower = new Follower(damaged.ledger).connect(server.address(), "?cursor=0")) {
                Await.until(() -> damaged.upstream.relay().cursors().size() > connected, () -> "connected");
                damaged.sendMore();
                follower.awaitEvent(damaged.ledger.count());
                assertThat(follower.times()[0]).isGreaterThan(damaged.lastTime);
            }
        }
    }

    @Test
    void anOverwrittenPageOfTheNewestBlocksIsRefusedWithOneSentenceThatSaysTheWayOut() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            int had = damaged.ledger.count();
            damaged.overwrite(JournalFile::newestLeaf);
            String refusal = "";
            for (String onDamage : List.of(STOP, SKIP)) {
                refusal = damaged.assertRefused(
                        onDamage,
                        "journal " + damaged.file() + " cannot be opened",
                        "its newest blocks are damaged; restore it from a copy, or move " + damaged.file() + " away");
            }
            Matcher cursor = OVERRIDE.matcher(refusal);
            assertThat(cursor.find()).as(refusal).isTrue();
            damaged.moveAway();
            try (TestServer server = damaged.serve(NOW, Map.of("jetstream.upstream.override-cursor", cursor.group(1)));
                    Follower replay = new Follower(damaged.ledger)) {
                Await.until(() -> damaged.upstream.relay().connections() == 1, () -> "connected");
                damaged.sendMore();
                server.awaitScrape(page -> page.value("consumer_last_seq")
                        == damaged.upstream.source().newestSeq());
                replay.connect(server.address(), "?cursor=0").awaitEvent(damaged.ledger.count());
                assertThat(replay.first()).isBetween(had - 2_000, had - 1);
            }
        }
    }

    @Test
    void aFileThatWasCutOffIsRefusedWithOneSentence() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            damaged.cutOff();
            for (String onDamage : List.of(STOP, SKIP)) {
                damaged.assertRefused(onDamage, "journal " + damaged.file(), "damaged", "restore it", "move it away");
            }
            assertThat(damaged.check()).contains("data/journal.sqlite", "damage");
        }
    }

    @Test
    void aDeletedWriteAheadLogLeavesAnOlderJournalWhoseTailComesAgain() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            Ledger ledger = damaged.ledger;
            int held = ledger.count();
            Path older = Files.copy(damaged.file(), directory.resolve("without its write-ahead log"));
            try (JarServer server = JarServer.start(
                            directory, damaged.upstream.relay().uri(), List.of("-XX:TieredStopAtLevel=1"));
                    Follower follower = new Follower(ledger).connect(server.address(), "?cursor=" + damaged.lastTime)) {
                damaged.sendMore();
                follower.awaitEvent(ledger.count());
                server.kill();
            }
            for (String end : List.of("-wal", "-shm")) {
                Files.delete(damaged.file().resolveSibling("journal.sqlite" + end));
            }
            // The log may have been emptied meanwhile: this is what the file was before.
            Files.move(older, damaged.file(), StandardCopyOption.REPLACE_EXISTING);
            try (TestServer server = damaged.serve(STOP);
                    Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                assertThat(replay.awaitEvent(ledger.count()).times()[held]).isGreaterThan(damaged.lastTime);
            }
        }
    }
}
