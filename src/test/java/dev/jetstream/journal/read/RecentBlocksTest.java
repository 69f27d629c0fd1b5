package dev.jetstream.journal.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.journal.codec.Blocks;
import dev.jetstream.stream.Encoding;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecentBlocksTest {
    private static final Encoding V0 =
            new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1).encoding(Format.V0, false);

    private final RecentBlocks recent = new RecentBlocks(() -> {});

    private EventBlock append(long number) {
        EventBlock block = Blocks.block(number, 5, 1000);
        recent.append(block);
        return block;
    }

    @Test
    void whatWasAppendedIsThereUntilItIsTheOldestToGo() {
        EventBlock first = append(1);
        EventBlock second = append(2);
        assertThat(List.of(recent.get(1), recent.get(2))).containsExactly(first, second);
        assertThat(recent.get(3)).isNull();
        assertThat(recent.bytes()).isEqualTo(first.weight() + second.weight());
        assertThat(recent.evictOldest()).isTrue();
        assertThat(recent.evictOldest()).isFalse();
        assertThat(recent.get(1)).isNull();
        assertThat(recent.get(2)).isSameAs(second);
        assertThat(recent.bytes()).isEqualTo(second.weight());
    }

    @Test
    void aGapLetsGoOfAllBeforeIt() {
        append(1);
        append(2);
        EventBlock far = append(10);
        assertThat(recent.get(2)).isNull();
        assertThat(recent.lowest()).isEqualTo(10);
        assertThat(recent.get(10)).isSameAs(far);
        assertThat(recent.bytes()).isEqualTo(far.weight());
        append(11);
        assertThat(recent.lowest()).isEqualTo(10);
    }

    @Test
    void moreThanThereAreSlotsForDoNotPileUp() {
        for (long number = 1; number <= 40_000; number++) {
            append(number);
        }
        assertThat(recent.highest() - recent.lowest() + 1).isEqualTo(32_768);
        assertThat(recent.get(recent.lowest() - 1)).isNull();
        assertThat(recent.get(recent.lowest()).sequenceNr()).isEqualTo(recent.lowest());
    }

    @Test
    void whatABlockMemoizesIsCountedAndForgottenOnceTheTipMovedOn() {
        EventBlock block = append(1);
        long alone = recent.bytes();
        block.frames(V0);
        block.select(new Filter(Set.of("a.b.c"), Set.of(), 0), V0, true);
        long withMemos = recent.bytes();
        assertThat(withMemos).isGreaterThan(alone + 500);
        long others = 0;
        for (int i = 2; i <= RecentBlocks.WITH_MEMOS; i++) {
            others += append(i).weight();
        }
        assertThat(recent.bytes()).isEqualTo(withMemos + others);
        others += append(RecentBlocks.WITH_MEMOS + 1).weight();
        assertThat(recent.bytes()).isEqualTo(alone + others);
    }
}
