package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.store.JournalStore;
import dev.jetstream.journal.store.SupersededException;
import dev.jetstream.journal.store.TestPostgres;
import dev.jetstream.journal.write.JournalEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        return TestJournal.open(config(eventTtl, maxSizeBytes), wallUs::get, dayPerCall());
    }

    private TestJournal openShared(Duration eventTtl) {
        return TestJournal.openShared(config(eventTtl, 0), wallUs::get, dayPerCall());
    }

    private static LongSupplier dayPerCall() {
        AtomicLong nanos = new AtomicLong();
        return () -> nanos.addAndGet(Duration.ofDays(1).toNanos());
    }

    private JournalConfig config(Duration eventTtl, long maxSizeBytes) {
        return new JournalConfig(
                Path.of("unused"),
                eventTtl,
                maxSizeBytes,
                Duration.ofHours(1),
                4 << 20,
                OnDamage.STOP,
                postgres.url(database),
                TestPostgres.USER,
                TestPostgres.PASSWORD);
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
    void aWriterThatAnotherOneSupersededWritesNothing() {
        try (TestJournal first = openShared(Duration.ofDays(365))) {
            first.write(blocks(1, 5));
            try (TestJournal second = openShared(Duration.ofDays(365))) {
                assertThat(second.journal.end().lastSequenceNr()).isEqualTo(5);
                assertSuperseded(() -> first.write(blocks(6, 6)));
                second.write(blocks(6, 8));
                assertSuperseded(first::resume);
                second.write(blocks(9, 9));
                assertThat(Blocks.dump(second.read(6)))
                        .isEqualTo(Blocks.dump(blocks(6, 6).get(0)));
            }
        }
    }

    /** The number is free then, so the table's key would admit it. */
    @Test
    void aWriterThatSleptPastRetentionWritesNothingBelowTheOldestBlock() {
        try (TestJournal sleeper = openShared(Duration.ofSeconds(500))) {
            sleeper.write(blocks(1, 5));
            try (TestJournal next = openShared(Duration.ofSeconds(500))) {
                next.write(blocks(6, 600));
                wallUs.addAndGet(800_000_000);
                next.runRetention();
                assertThat(next.read(1).sequenceNr()).isEqualTo(301);
                assertSuperseded(() -> sleeper.write(blocks(6, 6)));
                assertThat(oldestInDatabase()).isEqualTo(301);
            }
        }
    }

    @Test
    void aSupersededWriterDeletesNothing() {
        try (TestJournal first = openShared(Duration.ofSeconds(500))) {
            first.write(blocks(1, 600));
            try (TestJournal second = openShared(Duration.ofSeconds(500))) {
                wallUs.addAndGet(800_000_000);
                first.runRetention();
                assertThat(first.metrics.retentionFailures()).isEqualTo(1);
                assertThat(oldestInDatabase()).isEqualTo(1);
                second.runRetention();
                assertThat(oldestInDatabase()).isEqualTo(301);
            }
        }
    }

    private static void assertSuperseded(ThrowingCallable action) {
        assertThatThrownBy(action)
                .matches(SupersededException::is)
                .hasMessageContaining("another server has taken over the journal");
    }

    private long oldestInDatabase() {
        try (JournalStore store = JournalStore.openShared(config(Duration.ofDays(1), 0))) {
            return store.oldest();
        }
    }

    @Test
    void aJournalOfAnEarlierVersionGetsAnEpoch() {
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            opened.write(blocks(1, 3));
        }
        sql("DROP TABLE writer_epoch");
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            opened.write(blocks(4, 6));
        }
    }

    @Test
    void serversThatShareAJournalAndOneThatDoesNotExcludeEachOther() {
        try (TestJournal opened = openShared(Duration.ofDays(365))) {
            assertThatThrownBy(() -> open(Duration.ofDays(365), 0).close()).hasMessageContaining("in use");
            opened.write(blocks(1, 2));
        }
        try (TestJournal opened = open(Duration.ofDays(365), 0)) {
            assertThatThrownBy(() -> openShared(Duration.ofDays(365)).close()).hasMessageContaining("in use");
            opened.write(blocks(3, 4));
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
