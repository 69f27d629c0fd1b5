package dev.jetstream.e2e;

import static dev.jetstream.e2e.DamagedServer.SKIP;
import static dev.jetstream.e2e.DamagedServer.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole server on a journal whose file was damaged in the middle. */
@Timeout(180)
class DamageIT {
    @TempDir
    Path directory;

    @Test
    void aFlippedBitStopsReadersThereOrCostsItsBlock() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            long block = damaged.ask(JournalFile::newest) / 2;
            damaged.flipBit(block);
            assertReadersStop(damaged);
            assertReadersSkip(damaged, 1, 100);
            assertThat(damaged.check()).contains("damage    block " + block + " cannot be read: checksum does not fit");
        }
    }

    @Test
    void anOverwrittenPageStopsReadersThereOrCostsItsBlocks() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            damaged.overwrite(JournalFile::leafInTheMiddle);
            assertReadersStop(damaged);
            assertReadersSkip(damaged, 1, 2_000);
            assertThat(damaged.check())
                    .containsPattern("damage    blocks? \\d+.* cannot be read: .*malformed")
                    .contains("damage    database: ")
                    .contains("jetstream.journal.on-damage = skip");
        }
    }

    @Test
    void anOverwrittenPageOfTheOldestBlocksLeavesTheRest() throws Exception {
        try (DamagedServer damaged = new DamagedServer(directory)) {
            damaged.overwrite(JournalFile::oldestLeaf);
            Ledger ledger = damaged.ledger;
            try (TestServer server = damaged.serve(STOP);
                    Follower replay = new Follower(ledger).connect(server.address(), "?cursor=0")) {
                damaged.sendMore();
                replay.awaitEvent(ledger.count());
                assertThat(replay.first()).isBetween(1, 2_000);
            }
            assertThat(damaged.check()).contains("damage    database: ");
        }
    }

    /** What comes before is sent, then the connection is closed; others, behind, do not notice, and ingest goes on. */
    private static void assertReadersStop(DamagedServer damaged) throws Exception {
        Ledger ledger = damaged.ledger;
        try (TestServer server = damaged.serve(STOP);
                Follower live = new Follower(ledger).connect(server.address(), "");
                Follower replay = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            damaged.sendMore();
            live.awaitEvent(ledger.count());
            assertThat(replay.awaitClose()).isEqualTo(1011);
            assertThat(replay.assertNoFault().next()).isBetween(1, ledger.count() - DamagedServer.FRAMES_MORE);
        }
    }

    /** All comes but one run of events. */
    private static void assertReadersSkip(DamagedServer damaged, int leastLost, int mostLost) throws Exception {
        Ledger ledger = damaged.ledger;
        Places places = new Places(ledger);
        try (TestServer server = damaged.serve(SKIP)) {
            EventClient replay = server.subscribe("?cursor=0", places);
            damaged.sendMore();
            Await.until(() -> places.last() == ledger.count() - 1, () -> places.last() + " of " + ledger.count());
            replay.close();
            assertThat(places.inOrder()).isTrue();
            assertThat(ledger.count() - places.count()).isBetween(leastLost, mostLost);
            assertThat(places.gaps()).isOne();
            assertEachTimeIsFound(damaged, server, places);
        }
    }

    /** Cursors before, in, and behind the damage begin where they should. */
    private static void assertEachTimeIsFound(DamagedServer damaged, TestServer server, Places places)
            throws Exception {
        for (int i = 0; i < 20; i++) {
            long from = places.time(damaged.random.nextInt(places.count()));
            assertThat(Replayed.times(server.address(), "", from, 1)).containsExactly(from);
        }
        long lost = places.timeBeforeGap() + 1;
        assertThat(Replayed.times(server.address(), "", lost, 1)).containsExactly(places.timeBehindGap());
    }
}
