package dev.jetstream.journal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.TestJournal;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.SqliteFile;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.pattern.Patterns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Deleting by age and by size, with a clock of the test's own. */
class RetentionIT {
    private static final long GAP_US = 1_000_000;
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private final AtomicLong wallUs = new AtomicLong(Blocks.START_US);
    private final AtomicLong nanos = new AtomicLong();

    private TestJournal open(Duration eventTtl, long maxSizeBytes) {
        JournalConfig config = new JournalConfig(
                directory, eventTtl, maxSizeBytes, Duration.ofHours(1), 64 << 20, OnDamage.STOP, "", "", "");
        return TestJournal.open(config, wallUs::get, nanos::get);
    }

    private void pass(Duration time) {
        wallUs.addAndGet(time.toNanos() / 1000);
        nanos.addAndGet(time.toNanos());
    }

    private static List<EventBlock> blocks(long from, long to, int events) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.block(number, events, GAP_US))
                .toList();
    }

    @Test
    void eventsGoWhenTheyAreTooOldAndNotBefore() {
        try (TestJournal opened = open(Duration.ofSeconds(500), 0)) {
            opened.write(blocks(1, 1000, 2));
            pass(Duration.ofSeconds(500));
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(1);
            pass(Duration.ofSeconds(300));
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(301);
            assertThat(TestJournal.await(opened.journal.log().find(0))).isEqualTo(301);
            assertThat(opened.journal.status().oldestTimeUs()).isEqualTo(Blocks.START_US + 300 * GAP_US);
            assertThat(opened.journal.status().blocks()).isEqualTo(700);
            assertThat(opened.metrics.blocksDeleted()).isEqualTo(300);
        }
        try (TestJournal opened = open(Duration.ofSeconds(500), 0)) {
            assertThat(opened.read(1).sequenceNr()).isEqualTo(301);
            assertThat(opened.journal.end().lastSequenceNr()).isEqualTo(1000);
        }
    }

    @Test
    void theNewestBlockStaysHoweverOldItIs() {
        try (TestJournal opened = open(Duration.ofSeconds(1), 0)) {
            opened.write(blocks(1, 450, 2));
            pass(Duration.ofDays(10));
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(450);
        }
        try (TestJournal opened = open(Duration.ofSeconds(1), 0)) {
            assertThat(opened.journal.end().lastSequenceNr()).isEqualTo(450);
            opened.write(blocks(451, 452, 2));
        }
    }

    @Test
    void aClockThatJumpsAheadDoesNotDeleteAtOnce() {
        try (TestJournal opened = open(Duration.ofHours(1), 0)) {
            opened.write(blocks(1, 100, 2));
            pass(Duration.ofMinutes(1));
            wallUs.addAndGet(Duration.ofDays(30).toNanos() / 1000);
            opened.runRetention();
            pass(Duration.ofMinutes(10));
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(1);
        }
    }

    /** The new events' times are those of the wall clock, as in a server. */
    @Test
    void afterDowntimeNothingIsKeptForLongerThanConfigured() {
        Duration ttl = Duration.ofSeconds(100);
        try (TestJournal opened = open(ttl, 0)) {
            opened.write(blocks(1, 200, 2));
            pass(Duration.ofSeconds(200));
        }
        wallUs.addAndGet(ttl.multipliedBy(14).toNanos() / 1000);
        nanos.set(-nanos.get());
        try (TestJournal opened = open(ttl, 0)) {
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(200);
            for (int number = 201; number <= 220; number++) {
                opened.write(List.of(Blocks.block(number, 2, wallUs.get(), 2 * number)));
                pass(Duration.ofSeconds(1));
            }
            pass(ttl.minusSeconds(10));
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(211);
        }
    }

    /** A suspended machine: its own steady clock stood still. */
    @Test
    void aJumpThatTheRelayConfirmsIsBelieved() {
        try (TestJournal opened = open(Duration.ofHours(1), 0)) {
            opened.write(blocks(1, 100, 2));
            wallUs.addAndGet(Duration.ofDays(1).toNanos() / 1000);
            opened.runRetention(0);
            assertThat(opened.read(1).sequenceNr()).isEqualTo(1);
            opened.runRetention(wallUs.get() - 100_000);
            assertThat(opened.read(1).sequenceNr()).isEqualTo(100);
        }
    }

    /** Also where nobody waits for the first any more: its answer must not be taken for the second's. */
    @Test
    void oneDeletionIsInFlightAndItsOutcomeIsKnown() {
        try (TestJournal opened = open(Duration.ofDays(36_500), 0)) {
            opened.write(blocks(1, 50, 2));
            CompletionStage<Object> first = delete(opened, 10);
            CompletionStage<Object> second = delete(opened, 40);
            assertThat(TestJournal.await(first)).isEqualTo(new JournalWriter.Deleted(10));
            assertThatThrownBy(() -> TestJournal.await(second)).hasMessageContaining("has not finished yet");
            assertThat(opened.read(1).sequenceNr()).isEqualTo(11);

            opened.writer().tell(new JournalWriter.Delete(20), ActorRef.noSender());
            opened.write(blocks(51, 52, 2));
            assertThat(opened.read(1).sequenceNr()).isIn(11L, 21L);
            assertThat(TestJournal.await(deleteWhenFree(opened, 30))).isEqualTo(new JournalWriter.Deleted(30));
            assertThat(opened.read(1).sequenceNr()).isEqualTo(31);
        }
    }

    private static CompletionStage<Object> delete(TestJournal opened, long to) {
        return Patterns.ask(opened.writer(), new JournalWriter.Delete(to), Duration.ofMinutes(1));
    }

    private static CompletionStage<Object> deleteWhenFree(TestJournal opened, long to) {
        return delete(opened, to).exceptionallyCompose(busy -> deleteWhenFree(opened, to));
    }

    private static List<EventBlock> large(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.large(number, GAP_US))
                .toList();
    }

    /** Beside the limit there is what is free for the blocks to come, and the write-ahead log. */
    @Test
    void theFileStaysBoundedWhileBlocksComeAndGo() {
        long limit = 16 * MIB;
        try (TestJournal opened = open(Duration.ofDays(36_500), limit)) {
            long most = 0;
            for (long number = 1; number <= 900; number += 25) {
                opened.write(large(number, number + 24));
                opened.runRetention();
                most = Math.max(most, opened.journal.sizeOnDisk());
            }
            assertThat(most).isBetween(limit, limit + 40 * MIB);
            assertThat(opened.metrics.blocksDeleted()).isGreaterThan(700);
            assertThat(opened.journal.status().blocks()).isGreaterThan(100);
        }
        assertThat(SqliteFile.path(directory).toFile().length()).isLessThan(limit + 20 * MIB);
    }

    @Test
    void spaceThatIsFreeForGoodIsGivenBack() {
        try (TestJournal opened = open(Duration.ofSeconds(100), 0)) {
            opened.write(large(1, 600));
            long full = opened.journal.sizeOnDisk();
            assertThat(full).isGreaterThan(70 * MIB);
            pass(Duration.ofDays(1));
            opened.runRetention();
            opened.write(large(601, 603));
            opened.runRetention();
            assertThat(opened.journal.sizeOnDisk()).isLessThan(45 * MIB);
            assertThat(opened.read(600).sequenceNr()).isEqualTo(603);
        }
    }

    @Test
    void readersGoOnFromTheOldestWhileBlocksGo() {
        try (TestJournal opened = open(Duration.ofSeconds(10), 0)) {
            opened.write(blocks(1, 600, 2));
            pass(Duration.ofSeconds(400));
            opened.runRetention();
            long number = 0;
            for (int i = 0; i < 150; i++) {
                if (i == 50) {
                    pass(Duration.ofSeconds(100));
                    opened.runRetention();
                }
                long next = opened.read(number + 1).sequenceNr();
                assertThat(next).isGreaterThan(number);
                number = next;
            }
            assertThat(number).isGreaterThan(490 + 90);
        }
    }

    @Test
    void whatCannotBeDeletedIsSaidOnceAnHourWithTheWayOut() throws Exception {
        try (TestJournal opened = open(Duration.ofSeconds(500), 0)) {
            opened.write(blocks(1, 1000, 20));
        }
        overwriteOldestLeaf();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Retention.class);
        lines.start();
        logger.addAppender(lines);
        try (TestJournal opened = open(Duration.ofSeconds(500), 0)) {
            opened.runRetention();
            pass(Duration.ofMinutes(15));
            for (int runs = 1; runs <= 20; runs++) {
                opened.runRetention();
            }
            assertThat(opened.metrics.retentionFailures()).isGreaterThanOrEqualTo(20);
            assertThat(lines.list).hasSize(1);
            assertThat(lines.list.get(0).getLevel()).isEqualTo(Level.ERROR);
            assertThat(lines.list.get(0).getFormattedMessage())
                    .contains(
                            "restore it from a copy",
                            "move " + SqliteFile.path(directory) + " away, with its -wal and -shm and start once with"
                                    + " --override-relay-cursor "
                                    + opened.journal.end().upstream().seqs() + " ");
            pass(Duration.ofHours(1));
            opened.runRetention();
            opened.runRetention();
            assertThat(lines.list).hasSize(2);
            opened.write(blocks(1001, 1001, 2));
        } finally {
            logger.detachAppender(lines);
        }
    }

    private void overwriteOldestLeaf() throws Exception {
        Path file = SqliteFile.path(directory);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                RandomAccessFile pages = new RandomAccessFile(file.toFile(), "rw")) {
            long page = SqliteFile.number(
                    connection,
                    "SELECT pageno FROM dbstat WHERE name = 'event_journal' AND pagetype = 'leaf' ORDER BY path LIMIT 1");
            byte[] garbage = new byte[(int) SqliteFile.number(connection, "PRAGMA page_size")];
            Arrays.fill(garbage, 1, garbage.length, (byte) 0x5A);
            pages.seek((page - 1) * garbage.length);
            pages.write(garbage);
        }
    }
}
