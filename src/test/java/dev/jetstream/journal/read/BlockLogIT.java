package dev.jetstream.journal.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.config.JournalConfig;
import dev.jetstream.config.JournalConfig.OnDamage;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.journal.TestJournal;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.read.BlockLog.SeqRange;
import dev.jetstream.stream.Encoding;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading across memory and disk. */
class BlockLogIT {
    private static final int EVENTS = 40;
    private static final long GAP_US = 1000;
    private static final long BUDGET = 4 << 20;

    /** A block is counted a moment before another one goes for it. */
    private static final long UNDER_WAY = 256 << 10;

    @TempDir
    Path directory;

    private TestJournal open() {
        return open(OnDamage.STOP);
    }

    private TestJournal open(OnDamage onDamage) {
        return TestJournal.open(new JournalConfig(
                directory, Duration.ofDays(36_500), 0, Duration.ofHours(1), BUDGET, onDamage, "", "", ""));
    }

    private static List<EventBlock> blocks(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(BlockLogIT::block).toList();
    }

    private static EventBlock block(long number) {
        return Blocks.block(number, EVENTS, GAP_US);
    }

    private static JournaledBlockLog log(TestJournal opened) {
        return (JournaledBlockLog) opened.journal.log();
    }

    /** Reads as a subscriber does: what is in memory at once, else by asking. Fails at the first block that is not the next. */
    private static CompletionStage<Long> replay(JournaledBlockLog log, long from, long to) {
        long number = from;
        while (number <= to) {
            EventBlock held = log.held(number);
            if (held == null) {
                long asked = number;
                return log.read(number).thenComposeAsync(block -> {
                    assertThat(block.sequenceNr()).isEqualTo(asked);
                    assertThat(block.firstOrdinal()).isEqualTo((asked - 1) * EVENTS);
                    return replay(log, asked + 1, to);
                });
            }
            assertThat(held.sequenceNr()).isEqualTo(number++);
        }
        return CompletableFuture.completedFuture(number);
    }

    @Test
    void aReplayCrossesFromDiskToMemoryWithoutAGap() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 800));
            JournaledBlockLog log = log(opened);
            assertThat(log.held(1)).as("the budget does not hold all").isNull();
            assertThat(log.held(800)).isNotNull();
            assertThat(TestJournal.await(replay(log, 1, 800))).isEqualTo(801);
            for (long number : new long[] {1, 2, 99, 400, 799, 800}) {
                assertThat(Blocks.dump(opened.read(number))).isEqualTo(Blocks.dump(block(number)));
            }
            assertThatThrownBy(() -> opened.read(801)).isInstanceOf(IllegalArgumentException.class);
            assertThat(opened.read(-5).sequenceNr()).isEqualTo(1);
        }
    }

    @Test
    void openingReadsAFewRowsHoweverLongTheJournalIs() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 2000));
        }
        try (TestJournal opened = open()) {
            assertThat(opened.journal.status().blocks()).isEqualTo(2000);
            assertThat(opened.journal.rowsRead()).isLessThan(60);
        }
    }

    @Test
    void theNewestBlocksCanBeBroughtIntoMemoryAtAStart() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 2000));
        }
        try (TestJournal opened = open()) {
            JournaledBlockLog log = log(opened);
            assertThat(log.held(2000)).isNull();
            TestJournal.await(opened.journal.warm());
            assertThat(log.held(2000)).isNotNull();
            assertThat(log.held(1990)).isNotNull();
            assertThat(log.held(1)).isNull();
            assertThat(log.bytesInMemory()).isBetween(BUDGET / 4, BUDGET * 3 / 4);
        }
        try (TestJournal opened = open()) {
            opened.write(blocks(2001, 2001));
            assertThat(TestJournal.await(replay(log(opened), 1, 2001))).isEqualTo(2002);
        }
    }

    @Test
    void manyReplaysStayWithinTheBudgetAndLoadWhatTheyShareOnce() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 1000));
        }
        try (TestJournal opened = open()) {
            JournaledBlockLog log = log(opened);
            List<CompletionStage<Long>> replays = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                replays.add(replay(log, 1 + i % 2, 1000));
            }
            replays.forEach(replay -> assertThat(TestJournal.await(replay)).isEqualTo(1001));
            assertThat(log.bytesInMemory()).isLessThanOrEqualTo(BUDGET + UNDER_WAY);
            assertThat(opened.metrics.blocksLoaded()).isLessThan(50 * 1000 / 4);
        }
    }

    @Test
    void replaysFromEverywhereStayWithinTheBudget() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 1000));
        }
        try (TestJournal opened = open()) {
            JournaledBlockLog log = log(opened);
            List<CompletionStage<Long>> replays = new ArrayList<>();
            Random random = new Random(7);
            for (int i = 0; i < 100; i++) {
                long from = 1 + random.nextInt(950);
                replays.add(replay(log, from, from + 49));
            }
            replays.forEach(TestJournal::await);
            assertThat(log.bytesInMemory()).isLessThanOrEqualTo(BUDGET + UNDER_WAY);
        }
    }

    /** A weight that is taken once would miss what a block memoizes later. */
    @Test
    void whatManyFiltersMemoizeStaysWithinTheBudget() {
        Encoding v0 = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1).encoding(Format.V0, false);
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 300));
            JournaledBlockLog log = log(opened);
            for (long number = 1; number <= 300; number++) {
                EventBlock block = opened.read(number);
                block.frames(v0);
                for (int i = 0; i < 300; i++) {
                    block.select(new Filter(Set.of("app.bsky.feed.like", "x.y.z" + i), Set.of(), 0), v0, true);
                }
                assertThat(log.bytesInMemory()).isLessThanOrEqualTo(BUDGET + UNDER_WAY);
            }
            assertThat(log.held(300)).as("the newest block stays").isNotNull();
        }
    }

    @Test
    void aTimeIsFoundAsByLookingAtEachBlock() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 700));
            checkFind(log(opened), 1, 700);
        }
        try (TestJournal opened = open()) {
            checkFind(log(opened), 1, 700);
            opened.write(blocks(701, 710));
            checkFind(log(opened), 1, 710);
        }
    }

    private static void checkFind(JournaledBlockLog log, long oldest, long tip) {
        Random random = new Random(3);
        List<EventBlock> all = blocks(oldest, tip);
        for (int i = 0; i < 300; i++) {
            long number = oldest - 2 + random.nextInt((int) (tip - oldest + 5));
            long time = Blocks.START_US + (number - 1) * GAP_US + random.nextInt(3 * EVENTS) - EVENTS;
            long expected = all.stream()
                    .filter(block -> block.lastTimeUs() >= time)
                    .mapToLong(EventBlock::sequenceNr)
                    .findFirst()
                    .orElse(tip + 1);
            assertThat(TestJournal.await(log.find(time))).isEqualTo(expected);
        }
        assertThat(TestJournal.await(log.find(Long.MIN_VALUE))).isEqualTo(oldest);
        assertThat(TestJournal.await(log.find(Long.MAX_VALUE))).isEqualTo(tip + 1);
    }

    @Test
    void aRunningNumberIsFoundAsByLookingAtEachBlock() {
        try (TestJournal opened = open()) {
            assertThat(TestJournal.await(log(opened).findSeq(1)))
                    .as("empty journal")
                    .isEqualTo(1);
            assertThat(TestJournal.await(log(opened).seqs())).isEqualTo(SeqRange.EMPTY);
            opened.write(blocks(1, 700));
            checkFindSeq(log(opened), blocks(1, 700));
        }
        try (TestJournal opened = open()) {
            checkFindSeq(log(opened), blocks(1, 700));
            opened.write(blocks(701, 710));
            checkFindSeq(log(opened), blocks(1, 710));
        }
    }

    private static void checkFindSeq(JournaledBlockLog log, List<EventBlock> all) {
        EventBlock first = all.get(0);
        EventBlock last = all.get(all.size() - 1);
        assertThat(TestJournal.await(log.seqs())).isEqualTo(new SeqRange(first.firstSeq(), last.lastSeq()));
        Random random = new Random(4);
        for (int i = 0; i < 300; i++) {
            long span = last.lastSeq() - first.firstSeq();
            long seq = first.firstSeq() - 2 * EVENTS + random.nextInt((int) span + 4 * EVENTS);
            EventBlock expected = all.stream()
                    .filter(block -> block.lastSeq() >= seq)
                    .findFirst()
                    .orElse(null);
            long found = TestJournal.await(log.findSeq(seq));
            assertThat(found).isEqualTo(expected == null ? last.sequenceNr() + 1 : expected.sequenceNr());
            if (expected != null) {
                EventBlock block = TestJournal.await(log.read(found));
                int event = block.firstAtOrAfterSeq(seq);
                assertThat(block.seq(event)).isEqualTo(Math.max(seq, block.firstSeq()));
            }
        }
    }

    @Test
    void aRunningNumberInAGapIsFoundAtTheNextBlock() {
        List<EventBlock> written = new ArrayList<>(blocks(1, 50));
        for (long number = 51; number <= 90; number++) {
            long lost = 5_000_000;
            written.add(Blocks.block(
                    number, EVENTS, Blocks.START_US + (number - 1) * GAP_US, (number - 1) * EVENTS + lost));
        }
        try (TestJournal opened = open()) {
            opened.write(written);
        }
        try (TestJournal opened = open()) {
            checkFindSeq(log(opened), written);
            assertThat(TestJournal.await(log(opened).findSeq(3_000_000))).isEqualTo(51);
        }
    }

    @Test
    void damagedBlocksLeaveAGapInTheRunningNumbers() {
        try (TestJournal opened = open(OnDamage.SKIP)) {
            opened.write(blocks(1, 100));
        }
        TestJournal.sql(
                directory,
                "UPDATE event_journal SET event_payload = x'00' WHERE sequence_number IN (1, 2, 32, 33, 48, 64)");
        try (TestJournal opened = open(OnDamage.SKIP)) {
            JournaledBlockLog log = log(opened);
            assertThat(TestJournal.await(log.seqs()))
                    .isEqualTo(new SeqRange(block(3).firstSeq(), block(100).lastSeq()));
            for (long number = 1; number <= 100; number++) {
                EventBlock expected = block(number);
                long found = TestJournal.await(log.findSeq(expected.firstSeq() + 7));
                EventBlock read = TestJournal.await(log.read(found));
                long readable = number < 3
                        ? 3
                        : number == 32 ? 34 : number == 33 || number == 48 || number == 64 ? number + 1 : number;
                assertThat(read.sequenceNr()).isEqualTo(readable);
                assertThat(read.firstAtOrAfterSeq(expected.firstSeq() + 7)).isEqualTo(readable == number ? 7 : 0);
            }
        }
    }

    @Test
    void retentionRaisesTheFloor() {
        AtomicLong passedUs = new AtomicLong();
        JournalConfig config = new JournalConfig(
                directory, Duration.ofSeconds(500), 0, Duration.ofHours(1), BUDGET, OnDamage.STOP, "", "", "");
        try (TestJournal opened =
                TestJournal.open(config, () -> Blocks.START_US + passedUs.get(), () -> passedUs.get() * 1000)) {
            opened.write(LongStream.rangeClosed(1, 1000)
                    .mapToObj(number -> Blocks.block(number, 2, 1_000_000))
                    .toList());
            JournaledBlockLog log = log(opened);
            assertThat(TestJournal.await(log.seqs())).isEqualTo(new SeqRange(1, 2000));
            passedUs.addAndGet(800_000_000);
            opened.runRetention();
            assertThat(log.oldest()).isEqualTo(301);
            assertThat(TestJournal.await(log.seqs())).isEqualTo(new SeqRange(601, 2000));
            assertThat(TestJournal.await(log.findSeq(1))).isEqualTo(301);
            assertThat(TestJournal.await(log.findSeq(601))).isEqualTo(301);
            assertThat(TestJournal.await(log.findSeq(603))).isEqualTo(302);
            assertThat(TestJournal.await(log.findSeq(2001))).isEqualTo(1001);
        }
    }

    @Test
    void manySearchesShareTheirProbes() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 1000));
        }
        try (TestJournal opened = open()) {
            long before = opened.journal.rowsRead();
            List<CompletionStage<Long>> searches = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                searches.add(opened.journal.log().find(Blocks.START_US + 500 * GAP_US + i));
            }
            searches.forEach(search -> assertThat(TestJournal.await(search)).isBetween(501L, 502L));
            assertThat(opened.journal.rowsRead() - before).isLessThan(30);
        }
    }

    @Test
    void rowsThatSomebodyTookOutAreStridden() {
        try (TestJournal opened = open()) {
            opened.write(blocks(1, 100));
        }
        TestJournal.sql(directory, "DELETE FROM event_journal WHERE sequence_number BETWEEN 20 AND 39");
        try (TestJournal opened = open()) {
            assertThat(opened.read(19).sequenceNr()).isEqualTo(19);
            for (long number = 20; number <= 40; number++) {
                assertThat(opened.read(number).sequenceNr()).isEqualTo(40);
            }
        }
    }
}
