package dev.jetstream.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.journal.store.JournalException;
import dev.jetstream.journal.write.JournalEnd;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalIT {
    private static final int EVENTS = 7;
    private static final long GAP_US = 1000;

    @TempDir
    Path directory;

    private static List<EventBlock> blocks(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.block(number, EVENTS, GAP_US))
                .toList();
    }

    @Test
    void aNewJournalIsEmpty() {
        try (TestJournal opened = TestJournal.open(directory)) {
            assertThat(opened.journal.end()).isEqualTo(JournalEnd.EMPTY);
            assertThat(opened.journal.log().tip()).isZero();
            assertThat(opened.journal.status().writable()).isTrue();
        }
    }

    @Test
    void blocksComeOutAsTheyWentInAndAreReadableBeforeTheyComeOut() {
        try (TestJournal opened = TestJournal.open(directory)) {
            List<EventBlock> in = blocks(1, 50);
            List<EventBlock> out = opened.write(in);
            assertThat(out).containsExactlyElementsOf(in);
            assertThat(opened.journal.log().tip()).isEqualTo(50);
            assertThat(opened.journal.log().held(50)).isSameAs(in.get(49));
        }
    }

    @Test
    void aReopenedJournalGoesOnWhereItEnded() {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, 30));
        }
        try (TestJournal opened = TestJournal.open(directory)) {
            EventBlock last = Blocks.block(30, EVENTS, GAP_US);
            assertThat(opened.journal.end())
                    .isEqualTo(
                            new JournalEnd(30, last.lastTimeUs(), 30 * EVENTS, RelaySeqs.of(Blocks.RELAY, 1030), 30));
            opened.write(blocks(31, 40));
            assertThat(opened.journal.end().lastSequenceNr()).isEqualTo(40);
            for (long number = 1; number <= 40; number++) {
                assertThat(Blocks.dump(opened.read(number)))
                        .isEqualTo(Blocks.dump(Blocks.block(number, EVENTS, GAP_US)));
            }
        }
    }

    @Test
    void aBlockOfAnotherNumberThanTheNextIsRefused() {
        try (TestJournal opened = TestJournal.open(directory)) {
            opened.write(blocks(1, 3));
            assertThatThrownBy(() -> opened.write(blocks(5, 5)))
                    .isInstanceOf(JournalException.class)
                    .hasMessageContaining("block 5")
                    .hasMessageContaining("4 is due");
            opened.write(blocks(4, 5));
            assertThat(opened.journal.end().lastSequenceNr()).isEqualTo(5);
        }
    }
}
