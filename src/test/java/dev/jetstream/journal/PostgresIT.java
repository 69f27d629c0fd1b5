package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.TestPostgres;
import dev.jetstream.journal.write.JournalEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same journal on PostgreSQL. */
class PostgresIT {
    private final AtomicLong wallUs = new AtomicLong(Blocks.START_US);
    private TestPostgres postgres;
    private String database;

    @BeforeEach
    void emptyDatabase() throws Exception {
        postgres = TestPostgres.get();
        database = postgres.newDatabase();
    }

    private void sql(String statement) {
        postgres.sql(database, statement);
    }

    private TestJournal open(Duration eventTtl, long maxSizeBytes) {
        JournalConfig config = new JournalConfig(
                Path.of("unused"),
                eventTtl,
                maxSizeBytes,
                Duration.ofHours(1),
                4 << 20,
                OnDamage.STOP,
                postgres.url(database),
                TestPostgres.USER,
                TestPostgres.PASSWORD);
        AtomicLong nanos = new AtomicLong();
        return TestJournal.open(
                config, wallUs::get, () -> nanos.addAndGet(Duration.ofDays(1).toNanos()));
    }

    private static List<EventBlock> blocks(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.block(number, 20, 1_000_000))
                .toList();
    }

    @Test
    void itIsWrittenReadFoundAndReopened() {
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            opened.write(blocks(1, 400));
        }
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            assertThat(opened.journal.end().lastSequenceNr()).isEqualTo(400);
            opened.write(blocks(401, 410));
            for (EventBlock block : blocks(1, 410)) {
                assertThat(Blocks.dump(opened.read(block.sequenceNr()))).isEqualTo(Blocks.dump(block));
            }
            long time = Blocks.block(77, 20, 1_000_000).lastTimeUs();
            assertThat(TestJournal.await(opened.journal.log().find(time))).isEqualTo(77);
            assertThat(opened.journal.status().sizeBytes()).isPositive();
        }
    }

    @Test
    void oldBlocksAndTooManyGo() {
        try (TestJournal opened = open(Duration.ofSeconds(500), 0)) {
            opened.write(blocks(1, 600));
            wallUs.addAndGet(800_000_000);
            opened.runRetention();
            assertThat(opened.read(1).sequenceNr()).isEqualTo(301);
        }
        try (TestJournal opened = open(Duration.ofDays(365), 16 << 20)) {
            opened.write(LongStream.rangeClosed(601, 800)
                    .mapToObj(number -> Blocks.large(number, 1_000_000))
                    .toList());
            for (int i = 0; i < 5; i++) {
                opened.runRetention();
            }
            assertThat(opened.read(1).sequenceNr()).isBetween(602L, 790L);
        }
    }

    @Test
    void aSecondServerIsRefused() {
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            assertThatThrownBy(() -> open(Duration.ofDays(365), 0).close())
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("in use by another server");
            opened.write(blocks(1, 2));
        }
    }

    @Test
    void aLostConnectionIsMadeAgainWithItsLock() {
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            opened.write(blocks(1, 2));
            sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    + " AND datname = current_database()");
            writeDespiteDeadConnections(opened, 4);
            assertThatThrownBy(() -> open(Duration.ofDays(365), 0).close()).hasMessageContaining("in use");
            assertThat(opened.read(4).sequenceNr()).isEqualTo(4);
        }
    }

    /** As ingest does: resumes until it works. Each attempt may meet one more dead connection of a pool. */
    private static void writeDespiteDeadConnections(TestJournal opened, long to) {
        for (int attempt = 1; ; attempt++) {
            try {
                JournalEnd state = opened.resume();
                opened.write(blocks(state.lastSequenceNr() + 1, to));
                return;
            } catch (RuntimeException e) {
                assertThat(attempt).as("attempts, " + e).isLessThan(20);
            }
        }
    }

    @Test
    void aJournalOfANewerVersionIsRefused() {
        open(Duration.ofDays(365), 0).close();
        sql("UPDATE jetstream_journal SET format = 2");
        assertThatThrownBy(() -> open(Duration.ofDays(365), 0).close())
                .isInstanceOf(JournalException.class)
                .hasMessageContaining("newer version");
    }
}
