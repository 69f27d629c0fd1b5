package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.BlockCodec;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.read.DamagedBlockException;
import dev.jetstream.journal.store.DirectoryLock;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.SqliteFile;
import dev.jetstream.journal.write.FaultyWriter;
import dev.jetstream.journal.write.JournalEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a journal says to an operator, and how it goes on after a failure. */
class JournalFailureIT {
    @TempDir
    Path directory;

    private static List<EventBlock> blocks(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.block(number, 3, 1000))
                .toList();
    }

    private void assertRefused(String... says) {
        assertThatThrownBy(() -> TestJournal.open(directory).close())
                .isInstanceOf(JournalException.class)
                .satisfies(refusal ->
                        assertThat(refusal.getMessage()).contains(says).doesNotContain("\n"));
    }

    private void fill(long blocks) {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, blocks));
        }
    }

    @Test
    void aFailedWriteFailsTheFlowAndWhatCameBeforeStays() {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, 5));
            TestJournal.sql(
                    directory,
                    "CREATE TRIGGER refuse BEFORE INSERT ON event_journal WHEN NEW.sequence_number = 8"
                            + " BEGIN SELECT RAISE(ABORT, 'no space for this one'); END");
            assertThatThrownBy(() -> opened.write(blocks(6, 12)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("block 8")
                    .hasMessageContaining("no space for this one")
                    .matches(Journal::isOutage, "may pass by itself");
            assertThat(opened.journal.status().writable()).isFalse();
            assertThat(opened.journal.status().writeFailure()).contains("no space for this one");
            assertThat(opened.journal.log().tip()).isEqualTo(7);
            assertThat(opened.metrics.writeFailures()).isOne();

            assertThat(opened.resume().lastSequenceNr()).isEqualTo(7);
            assertThatThrownBy(() -> opened.write(blocks(8, 12))).hasMessageContaining("block 8");

            TestJournal.sql(directory, "DROP TRIGGER refuse");
            assertThat(opened.resume().lastSequenceNr()).isEqualTo(7);
            opened.write(blocks(8, 12));
            assertThat(opened.journal.status().writable()).isTrue();
            assertThat(opened.journal.log().tip()).isEqualTo(12);
            for (long number = 1; number <= 12; number++) {
                assertThat(opened.read(number).sequenceNr()).isEqualTo(number);
            }
        }
    }

    @Test
    void aBugOfTheWriterIsToldAndTheNextOneGoesOn() {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, 5));
            assertThatThrownBy(() -> opened.write(List.of(Blocks.block(7, 3, 1000))))
                    .hasMessageContaining("block 7 cannot be written where 6 is due")
                    .matches(failure -> !Journal.isOutage(failure), "will not pass by itself");
            FaultyWriter.fail(opened.system);
            assertThatThrownBy(() -> opened.write(blocks(6, 10_000)))
                    .hasMessageContaining("the journal's writer stopped: Cannot invoke")
                    .matches(failure -> !Journal.isOutage(failure), "will not pass by itself");

            long last = opened.resume().lastSequenceNr();
            opened.write(blocks(last + 1, last + 3));
            assertThat(opened.journal.log().tip()).isEqualTo(last + 3);
        }
    }

    /** The answer to a write may be lost though it landed: what the journal holds is what counts. */
    @Test
    void aBlockThatLandedUnseenIsFoundByResuming() {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, 3));
            TestJournal.sql(
                    directory,
                    "CREATE TRIGGER refuse BEFORE INSERT ON event_journal BEGIN SELECT RAISE(ABORT, 'no'); END");
            assertThatThrownBy(() -> opened.write(blocks(4, 4))).isInstanceOf(JournalException.class);
            TestJournal.sql(
                    directory,
                    "DROP TRIGGER refuse",
                    insert(BlockCodec.encode(Blocks.block(4, 3, 1000)).bytes()));
            JournalEnd state = opened.resume();
            assertThat(state.lastSequenceNr()).isEqualTo(4);
            assertThat(state.nextOrdinal()).isEqualTo(12);
            assertThat(opened.journal.log().tip()).isEqualTo(4);
            assertThat(Blocks.dump(opened.read(4))).isEqualTo(Blocks.dump(Blocks.block(4, 3, 1000)));
            opened.write(blocks(5, 6));
            assertThat(opened.read(5).sequenceNr()).isEqualTo(5);
        }
    }

    private static String insert(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) {
            hex.append(String.format("%02x", b));
        }
        return "INSERT INTO event_journal (sequence_number, persistence_id, deleted, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " VALUES (4, 'events', 0, 'w', 0, '', 746, 'b', x'" + hex + "')";
    }

    @Test
    void aDirectoryThatIsAFileIsRefused() throws IOException {
        directory = Files.writeString(directory.resolve("data"), "x");
        assertRefused("data directory " + directory, "is not a directory", "jetstream.journal.data-dir");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
        directory = Files.writeString(directory.resolve("data"), "x").resolve("inner");
        assertRefused("data directory " + directory, "cannot be made", "jetstream.journal.data-dir");
    }

    @Test
    void aFileThatIsNoDatabaseIsRefused() throws IOException {
        Files.writeString(SqliteFile.path(directory), "these are no pages of a database ".repeat(1000));
        assertRefused("journal " + SqliteFile.path(directory), "is not an SQLite database", "move it away");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        fill(300);
        byte[] bytes = Files.readAllBytes(SqliteFile.path(directory));
        for (int i = 100; i < bytes.length; i++) {
            bytes[i] ^= (byte) i;
        }
        Files.write(SqliteFile.path(directory), bytes);
        assertRefused("journal " + SqliteFile.path(directory), "restore it");
    }

    @Test
    void aDatabaseOfSomebodyElseIsRefused() {
        TestJournal.sql(directory, "CREATE TABLE bookmarks (url TEXT)");
        assertRefused(SqliteFile.path(directory).toString(), "is no journal of this program");
    }

    @Test
    void aJournalOfANewerVersionIsRefusedAndLeftAsItIs() {
        fill(3);
        TestJournal.sql(directory, "PRAGMA user_version = 2");
        assertRefused("newer version", "format 2, this one knows 1", "upgrade", "another directory");
        TestJournal.sql(directory, "PRAGMA user_version = 1");
        fillFrom(4);
    }

    private void fillFrom(long number) {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(number, number));
        }
    }

    @Test
    void aNewestBlockOfANewerFormatIsRefused() {
        fill(3);
        TestJournal.sql(directory, "UPDATE event_journal SET event_ser_manifest = 'c' WHERE sequence_number = 3");
        assertRefused("newer version", "upgrade", "another directory");
    }

    @Test
    void aDamagedNewestBlockIsRefused() {
        fill(3);
        TestJournal.sql(directory, "UPDATE event_journal SET event_payload = x'4a01' WHERE sequence_number = 3");
        assertRefused("newest block, 3", "is damaged", "restore it");
    }

    @Test
    void aDirectoryInUseByThisProcessIsRefused() {
        try (TestJournal opened = TestJournal.open(directory)) {
            assertRefused("data directory " + directory, "in use by another server", "stop that one");
            opened.write(blocks(1, 2));
        }
        fillFrom(3);
    }

    @Test
    void aDirectoryInUseByAnotherProcessIsRefusedUntilThatEnds() throws Exception {
        fill(1);
        Process other = LockHolder.start(directory);
        try {
            assertRefused("data directory " + directory, "in use by another server (process " + other.pid() + ")");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
        fillFrom(2);
    }

    /** A process that holds a directory's lock until it is killed. */
    static final class LockHolder {
        private LockHolder() {}

        static Process start(Path directory) throws IOException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockHolder.class.getName(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            byte[] ready = process.getInputStream().readNBytes(6);
            assertThat(new String(ready, StandardCharsets.US_ASCII)).isEqualTo("locked");
            return process;
        }

        public static void main(String[] args) throws Exception {
            DirectoryLock lock = DirectoryLock.take(Path.of(args[0]));
            System.out.print("locked");
            System.out.flush();
            while (lock.isHeld()) {
                Thread.sleep(60_000);
            }
        }
    }

    @Test
    void aDamagedBlockStopsAReaderThatIsToStop() {
        fill(20);
        damage(7);
        try (TestJournal opened = TestJournal.open(directory)) {
            assertThat(opened.read(6).sequenceNr()).isEqualTo(6);
            assertThatThrownBy(() -> opened.read(7))
                    .isInstanceOfSatisfying(DamagedBlockException.class, damage -> assertThat(damage.sequenceNr())
                            .isEqualTo(7))
                    .hasMessageContaining("block 7 of journal " + SqliteFile.path(directory))
                    .hasMessageContaining("checksum does not fit");
            assertThat(opened.read(8).sequenceNr()).isEqualTo(8);
            assertThat(opened.metrics.damagedBlocks()).isPositive();
        }
    }

    @Test
    void aDamagedBlockIsSkippedByAReaderThatIsToSkip() {
        fill(20);
        damage(7);
        damage(8);
        JournalConfig config = new JournalConfig(
                directory, Duration.ofDays(36500), 0, Duration.ofHours(1), 64 << 20, OnDamage.SKIP, "", "", "");
        try (TestJournal opened = TestJournal.open(config)) {
            assertThat(opened.read(7).sequenceNr()).isEqualTo(9);
            long found = TestJournal.await(
                    opened.journal.log().find(Blocks.block(7, 3, 1000).firstTimeUs()));
            assertThat(found).isBetween(1L, 9L);
            assertThat(opened.read(found).sequenceNr()).isIn(7L, 8L, 9L);
        }
    }

    private void damage(long number) {
        TestJournal.sql(
                directory,
                "UPDATE event_journal SET event_payload = substr(event_payload, 1, 30) || x'00ff00' ||"
                        + " substr(event_payload, 34) WHERE sequence_number = " + number);
    }
}
