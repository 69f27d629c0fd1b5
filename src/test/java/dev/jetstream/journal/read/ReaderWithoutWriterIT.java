package dev.jetstream.journal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.journal.TestJournal;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.BlockReader;
import dev.jetstream.journal.store.JournalMetrics;
import dev.jetstream.journal.store.JournalStore;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.apache.pekko.actor.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reading side of a process in which nothing writes: all it has is the store and announcements. */
class ReaderWithoutWriterIT {
    @TempDir
    Path directory;

    private final JournalMetrics metrics = new JournalMetrics();
    private JournalStore store;
    private ActorSystem system;
    private TipFeed.Listener feed;
    private JournaledBlockLog log;

    private static EventBlock block(long number) {
        return Blocks.block(number, 3, 1000);
    }

    @BeforeEach
    void openOnlyTheReadingSide() {
        try (TestJournal written = TestJournal.open(directory)) {
            written.write(LongStream.rangeClosed(1, 40)
                    .mapToObj(ReaderWithoutWriterIT::block)
                    .toList());
        }
        JournalConfig config = TestJournal.config(directory);
        store = JournalStore.openExisting(config);
        system = ActorSystem.create("reader-test", TestJournal.settings(config));
        log = new JournaledBlockLog(
                system,
                new BlockReader(system),
                listener -> feed = listener,
                store.place(),
                OnDamage.STOP,
                1 << 20,
                metrics);
        log.standsAt(1, 10);
    }

    @AfterEach
    void close() {
        TestJournal.end(system);
        store.close();
    }

    private void assertReads(long from, long to) {
        for (long number = from; number <= to; number++) {
            EventBlock read = TestJournal.await(log.read(number));
            assertThat(Blocks.dump(read)).isEqualTo(Blocks.dump(block(number)));
        }
    }

    @Test
    void blocksBeforeTheFirstAnnouncementComeFromTheStore() {
        assertThat(log.tip()).isEqualTo(10);
        assertReads(1, 10);
        assertThat(TestJournal.await(log.find(block(7).firstTimeUs()))).isEqualTo(7);
    }

    @Test
    void anAnnouncedBlockIsReadFromMemory() {
        feed.onDurable(11, block(11));
        assertThat(log.tip()).isEqualTo(11);
        assertThat(log.held(11)).isNotNull();
        assertThat(metrics.blocksLoaded()).isZero();
    }

    @Test
    void aGapInTheAnnouncedNumbersIsReadFromTheStore() {
        assertReads(1, 10);
        feed.onDurable(11, block(11));
        feed.onDurable(17, block(17));
        assertThat(log.tip()).isEqualTo(17);
        assertThat(log.held(17)).isNotNull();
        assertReads(1, 17);
        assertThat(TestJournal.await(log.find(block(14).firstTimeUs()))).isEqualTo(14);
    }

    @Test
    void anAnnouncementByNumberAloneIsReadFromTheStore() {
        feed.onDurable(11, block(11));
        feed.onDurable(12, null);
        assertThat(log.tip()).isEqualTo(12);
        assertReads(1, 12);
        feed.onDurable(13, block(13));
        assertReads(1, 13);
    }

    @Test
    void oldAnnouncementsAreIgnored() {
        feed.onDurable(20, block(20));
        EventBlock held = log.held(20);
        feed.onDurable(20, block(20));
        feed.onDurable(15, block(15));
        feed.onDurable(3, null);
        assertThat(log.tip()).isEqualTo(20);
        assertThat(log.held(20)).isSameAs(held);
        assertReads(1, 20);
    }

    @Test
    void theFirstAnnouncementToAnEmptyJournalSetsItsRange() {
        log.standsAt(0, 0);
        feed.onDurable(2, block(2));
        assertThat(log.oldest()).isOne();
        assertReads(1, 2);
    }
}
