package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.JournalCheck.Report;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.SqliteFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCheckIT {
    private static final int EVENTS = 3;

    @TempDir
    Path directory;

    private final List<String> progress = new CopyOnWriteArrayList<>();

    private static EventBlock block(long number) {
        return Blocks.block(number, EVENTS, 1000);
    }

    private void fill(long blocks) {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(LongStream.rangeClosed(1, blocks)
                    .mapToObj(JournalCheckIT::block)
                    .toList());
        }
    }

    private Report check() {
        JournalConfig config = TestJournal.config(directory);
        ActorSystem system = ActorSystem.create("check-test", TestJournal.settings(config));
        try {
            return TestJournal.await(
                    JournalCheck.run(system, config, (blocks, total) -> progress.add(blocks + " of " + total)));
        } finally {
            TestJournal.end(system);
        }
    }

    @Test
    void aWholeJournalIsWhole() {
        fill(2000);
        Report report = check();
        assertThat(report.isWhole()).isTrue();
        assertThat(report.blocks()).isEqualTo(2000);
        assertThat(report.events()).isEqualTo(2000 * EVENTS);
        assertThat(report.firstSequenceNr()).isEqualTo(1);
        assertThat(report.lastSequenceNr()).isEqualTo(2000);
        assertThat(report.firstTimeUs()).isEqualTo(block(1).firstTimeUs());
        assertThat(report.lastTimeUs()).isEqualTo(block(2000).lastTimeUs());
        assertThat(progress).hasSize(7).startsWith("256 of 2000").endsWith("1792 of 2000");
    }

    @Test
    void gapsAndDamagedBlocksAreNamed() {
        fill(50);
        TestJournal.sql(
                directory,
                "DELETE FROM event_journal WHERE sequence_number BETWEEN 10 AND 12",
                "UPDATE event_journal SET event_payload = x'4a01000000000000' WHERE sequence_number = 20",
                "UPDATE event_journal SET event_payload = (SELECT event_payload FROM event_journal WHERE"
                        + " sequence_number = 29) WHERE sequence_number = 30");
        Report report = check();
        assertThat(report.isWhole()).isFalse();
        assertThat(report.flaws()).isEqualTo(3);
        assertThat(report.firstFlaws())
                .containsExactly(
                        "blocks 10 to 12 missing",
                        "block 20 cannot be read: checksum does not fit",
                        "block 30 cannot be read: says that it is number 29");
        assertThat(report.blocks()).isEqualTo(45);
    }

    @Test
    void whereThereIsNoJournalNoneIsMade() {
        assertThatThrownBy(this::check)
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("there is no journal in data directory " + directory);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anEmptyJournalIsWhole() {
        fill(0);
        assertThat(Files.exists(SqliteFile.path(directory))).isTrue();
        assertThat(check()).satisfies(report -> {
            assertThat(report.isWhole()).isTrue();
            assertThat(report.blocks()).isZero();
        });
    }
}
