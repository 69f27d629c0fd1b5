package dev.jetstream.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jetstream.decode.DecodedFrames;
import dev.jetstream.event.Blocks;
import dev.jetstream.event.EventArbitraries;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.RelaySeqs;
import dev.jetstream.upstream.ArrayPool;
import dev.jetstream.upstream.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SequencerTest {
    private static final long NOW = 1_780_000_000_000_000L;
    private static final int MAX_BATCHES = 100_000;
    private static final long MAX_HELD_BYTES = 16 << 20;
    private static final Connection FIRST = new Connection(1, false, "ws://relay");

    private final AtomicLong clock = new AtomicLong(NOW);

    /** A sequencer after an empty journal. */
    private Sequencer sequencer(int maxEvents, int maxBytes) {
        return sequencer(0, 0, 0, RelaySeqs.NONE, maxEvents, maxBytes);
    }

    private Sequencer sequencer(
            long sequenceNr, long lastTimeUs, long nextOrdinal, RelaySeqs upstream, int maxEvents, int maxBytes) {
        Sequencer.Limits limits = new Sequencer.Limits(maxEvents, maxBytes, 1 << 20, MAX_BATCHES, MAX_HELD_BYTES);
        return new Sequencer(sequenceNr, lastTimeUs, nextOrdinal, upstream, limits, clock::get);
    }

    @Provide
    Arbitrary<List<List<List<Blocks.Event>>>> batches() {
        return EventArbitraries.events()
                .list()
                .ofMaxSize(4)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .list()
                .ofMaxSize(8);
    }

    @Property(tries = 200)
    void everyEventOnceInOrderWithItsTimeAndNoFrameSplit(
            @ForAll("batches") List<List<List<Blocks.Event>>> batches,
            @ForAll @IntRange(min = 1, max = 12) int maxEvents,
            @ForAll @IntRange(min = 1, max = 5000) int maxBytes) {
        clock.set(NOW);
        Sequencer sequencer = sequencer(maxEvents, maxBytes);
        List<EventBlock> blocks = new ArrayList<>();
        List<Blocks.Event> sent = new ArrayList<>();
        List<Long> frameEnds = new ArrayList<>();
        long seq = 100;
        for (List<List<Blocks.Event>> frames : batches) {
            assertThat(sequencer.add(Blocks.decoded(FIRST, seq, frames))).isZero();
            seq += frames.size();
            for (List<Blocks.Event> frame : frames) {
                sent.addAll(frame);
                frameEnds.add((long) sent.size());
            }
            clock.addAndGet(-1);
            if (frames.size() % 2 == 0 && sequencer.pendingEvents() > 0) {
                blocks.add(sequencer.cut());
            }
        }
        while (sequencer.pendingEvents() > 0) {
            blocks.add(sequencer.cut());
        }
        assertThat(texts(blocks)).isEqualTo(expected(sent, blocks));
        long time = 0;
        long ordinal = 0;
        for (int i = 0; i < blocks.size(); i++) {
            EventBlock block = blocks.get(i);
            assertThat(block.sequenceNr()).isEqualTo(i + 1);
            assertThat(block.firstOrdinal()).isEqualTo(ordinal);
            ordinal += block.count();
            assertThat(frameEnds).contains(ordinal);
            assertThat(seq(block)).isEqualTo(lastSeqCovered(frameEnds, ordinal, seq(block)));
            for (int event = 0; event < block.count(); event++) {
                assertThat(block.timeUs(event)).isGreaterThan(time);
                time = block.timeUs(event);
            }
        }
    }

    @Property(tries = 200)
    void aBatchIsReleasedOnceAndNotLookedAtAfterwards(
            @ForAll("batches") List<List<List<Blocks.Event>>> batches,
            @ForAll @IntRange(min = 1, max = 6) int maxEvents,
            @ForAll @IntRange(min = 0, max = 3) int repeated) {
        ArrayPool pool = new ArrayPool(1 << 20, batches.size() + 1);
        Sequencer sequencer = sequencer(maxEvents, Integer.MAX_VALUE);
        List<byte[]> lent = new ArrayList<>();
        List<byte[]> back = new ArrayList<>();
        List<EventBlock> blocks = new ArrayList<>();
        long seq = 100;
        for (List<List<Blocks.Event>> frames : batches) {
            DecodedFrames batch = Blocks.decoded(FIRST, Math.max(1, seq - repeated), frames, pool);
            lent.add(batch.bytes());
            sequencer.add(batch);
            seq = Math.max(seq, seq - repeated + frames.size());
            spoilReleased(pool, lent, back);
            while (sequencer.isFull()) {
                blocks.add(sequencer.cut());
                spoilReleased(pool, lent, back);
            }
        }
        while (sequencer.pendingEvents() > 0) {
            blocks.add(sequencer.cut());
            spoilReleased(pool, lent, back);
        }
        assertThat(back).hasSameSizeAs(lent);
        assertThat(texts(blocks)).noneMatch(text -> text.contains("~"));
    }

    /** Takes what was given back, as the next user would, and overwrites it. */
    private static void spoilReleased(ArrayPool pool, List<byte[]> lent, List<byte[]> back) {
        byte[] array = pool.take();
        while (isOneOf(lent, array)) {
            assertThat(isOneOf(back, array)).as("released twice").isFalse();
            Arrays.fill(array, (byte) '~');
            back.add(array);
            array = pool.take();
        }
    }

    private static boolean isOneOf(List<byte[]> arrays, byte[] array) {
        return arrays.stream().anyMatch(each -> each == array);
    }

    /** The seq must be one whose frame ends exactly where the block does. */
    private static long lastSeqCovered(List<Long> frameEnds, long ordinal, long claimed) {
        return frameEnds.get((int) (claimed - 100)) == ordinal ? claimed : -1;
    }

    private static List<String> texts(List<EventBlock> blocks) {
        return blocks.stream().flatMap(block -> Blocks.texts(block).stream()).toList();
    }

    private static List<String> expected(List<Blocks.Event> events, List<EventBlock> blocks) {
        List<String> texts = new ArrayList<>();
        for (EventBlock block : blocks) {
            for (int i = 0; i < block.count(); i++) {
                texts.add(events.get(texts.size()).json(block.timeUs(i)));
            }
        }
        assertThat(texts).hasSameSizeAs(events);
        return texts;
    }

    @Test
    void aSeqThatIsNotAboveTheLastIsSkipped() {
        Sequencer sequencer = sequencer(7, NOW + 5_000, 70, RelaySeqs.of("ws://relay", 102), 100, 100_000);
        assertThat(sequencer.add(Blocks.decoded(FIRST, 101, frames("a", "b", "c", "d"))))
                .isEqualTo(2);
        assertThat(sequencer.add(Blocks.decoded(FIRST, 103, frames("c", "d", "e"))))
                .isEqualTo(2);
        EventBlock block = sequencer.cut();
        assertThat(texts(List.of(block)).toString())
                .contains("\"c\"", "\"d\"", "\"e\"")
                .doesNotContain("\"a\"", "\"b\"");
        assertThat(block.count()).isEqualTo(3);
        assertThat(block.sequenceNr()).isEqualTo(8);
        assertThat(block.firstOrdinal()).isEqualTo(70);
        assertThat(block.firstTimeUs()).isEqualTo(NOW + 5_001);
        assertThat(block.upstream()).isEqualTo(RelaySeqs.of("ws://relay", 105));
    }

    @Test
    void aConnectionMayStartTheGuardAnew() {
        Sequencer sequencer = sequencer(1, NOW, 1, RelaySeqs.of("ws://relay", 1_000), 100, 100_000);
        Connection other = new Connection(2, true, "ws://relay");
        assertThat(sequencer.add(Blocks.decoded(other, 5, frames("a", "b")))).isZero();
        assertThat(sequencer.add(Blocks.decoded(other, 6, frames("b", "c")))).isEqualTo(1);
        EventBlock block = sequencer.cut();
        assertThat(seq(block)).isEqualTo(7);
        assertThat(sequencer.add(Blocks.decoded(new Connection(3, false, "ws://relay"), 7, frames("c"))))
                .isEqualTo(1);
    }

    @Test
    void eachRelayHasAGuardAndASeqOfItsOwn() {
        RelaySeqs start = RelaySeqs.of("ws://relay", 100).with("ws://other", 7);
        Sequencer sequencer = sequencer(1, NOW, 1, start, 3, 100_000);
        Connection other = new Connection(1, false, "ws://other");
        assertThat(sequencer.add(Blocks.decoded(other, 7, frames("a", "b", "c"))))
                .isEqualTo(1);
        assertThat(sequencer.add(Blocks.decoded(FIRST, 100, frames("a", "d", "e"))))
                .isEqualTo(1);
        assertThat(sequencer.add(Blocks.decoded(other, 10, List.of(List.of(), List.of()))))
                .isZero();
        assertThat(sequencer.add(Blocks.decoded(other, 10, frames("f")))).isEqualTo(1);

        EventBlock first = sequencer.cut();
        assertThat(first.count()).isEqualTo(3);
        // The frames of the other relay up to 11 have no events: they may be counted as covered before what they stood
        // behind.
        assertThat(first.upstream()).isEqualTo(RelaySeqs.of("ws://relay", 101).with("ws://other", 11));
        assertThat(sequencer.cut().upstream())
                .isEqualTo(RelaySeqs.of("ws://relay", 102).with("ws://other", 11));
    }

    @Test
    void noFrameOfARestartedSequenceIsLost() {
        long lastSeq = 497_201;
        Sequencer sequencer = sequencer(1, NOW, 1, RelaySeqs.of("ws://relay", lastSeq), 100, 100_000);
        assertThat(sequencer.add(about(1, NOW + 1, lastSeq + 1, "a"))).isZero();
        Connection next = new Connection(2, false, "ws://relay");
        assertThat(sequencer.add(about(next, 2, NOW + 2, 1, "b"))).isZero();
        assertThat(sequencer.add(about(next, 1, NOW + 3, 2, "c"))).isZero();
        // From here on the seqs tell: an account whose clock is slow is not lost.
        assertThat(sequencer.add(about(next, 3, NOW - 1_000_000, 3, "d"))).isZero();
        assertThat(sequencer.resets(next)).isEqualTo(1);
        EventBlock block = sequencer.cut();
        assertThat(texts(List.of(block)).toString()).contains("\"a\"", "\"b\"", "\"c\"", "\"d\"");
        assertThat(seq(block)).isEqualTo(3);
    }

    @Test
    void framesWithOneSeqAndDifferentContentAreBothIngestedOnce() {
        Sequencer sequencer = sequencer(1, NOW, 1, RelaySeqs.of("ws://relay", 4), 100, 100_000);
        assertThat(sequencer.add(about(1, NOW - 10, 5, "a"))).isZero();
        assertThat(sequencer.add(about(2, NOW - 20, 5, "b"))).isZero();
        assertThat(sequencer.add(about(1, NOW - 30, 5, "c"))).isZero();
        assertThat(sequencer.resets(FIRST)).isZero();
        Connection next = new Connection(2, false, "ws://relay");
        assertThat(sequencer.add(about(next, 1, NOW - 10, 5, "a"))).isEqualTo(1);
        assertThat(sequencer.add(about(next, 2, NOW - 20, 5, "b"))).isEqualTo(1);
        assertThat(sequencer.cut().count()).isEqualTo(3);
    }

    @Test
    void repeatsOfALongRewindAreSkippedHoweverManyAccountsThereAre() {
        Sequencer sequencer = sequencer(1_000_000, Integer.MAX_VALUE);
        int frames = 200_000;
        for (int i = 0; i < frames; i++) {
            assertThat(sequencer.add(about(1 + i % 150_000, NOW + i, 1 + i, "a")))
                    .isZero();
        }
        Connection next = new Connection(2, false, "ws://relay");
        for (int i = frames - 20_000; i < frames; i++) {
            assertThat(sequencer.add(about(next, 1 + i % 150_000, NOW + i, 1 + i, "a")))
                    .isEqualTo(1);
        }
        assertThat(sequencer.resets(next)).isZero();
        assertThat(sequencer.add(about(next, 7, NOW + frames, 1 + frames, "a"))).isZero();
    }

    private static DecodedFrames about(long account, long timeUs, long seq, String text) {
        return about(FIRST, account, timeUs, seq, text);
    }

    private static DecodedFrames about(Connection connection, long account, long timeUs, long seq, String text) {
        DecodedFrames frames = Blocks.decoded(connection, seq, frames(text));
        frames.accounts()[0] = account * 0x9E37_79B9_7F4A_7C15L;
        frames.times()[0] = timeUs;
        return frames;
    }

    @Test
    void whatWaitsIsBoundedByMemoryHoweverManyBatchesMayWait() {
        Sequencer sequencer = sequencer(10, 100_000);
        ArrayPool pool = new ArrayPool(1 << 18, 1);
        int batches = 0;
        while (sequencer.hasRoom()) {
            sequencer.add(Blocks.decoded(FIRST, 1 + batches, frames("a"), pool));
            batches++;
        }
        assertThat(batches).isEqualTo((int) (MAX_HELD_BYTES >> 18));
        assertThat(sequencer.cut().count()).isEqualTo(10);
        assertThat(sequencer.hasRoom()).isTrue();
        while (sequencer.pendingEvents() > 0) {
            sequencer.cut();
        }
        // Batches without events keep nothing.
        for (int i = 0; i < batches; i++) {
            sequencer.add(Blocks.decoded(FIRST, 1_000 + i, List.of(List.of()), pool));
        }
        assertThat(sequencer.hasRoom()).isTrue();
    }

    @Test
    void whatAConnectionSendsAfterAnErrorIsNotTaken() {
        Sequencer sequencer = sequencer(100, 100_000);
        sequencer.add(Blocks.endedByError(Blocks.decoded(FIRST, 1, frames("a"))));
        sequencer.add(Blocks.decoded(FIRST, 7, frames("b")));
        sequencer.add(Blocks.decoded(new Connection(2, false, "ws://relay"), 2, frames("c")));
        EventBlock block = sequencer.cut();
        assertThat(block.count()).isEqualTo(2);
        assertThat(seq(block)).isEqualTo(2);
        assertThat(sequencer.hasRoom()).isTrue();
    }

    @Test
    void whatWaitsIsBoundedByBatches() {
        Sequencer sequencer = new Sequencer(
                0, 0, 0, RelaySeqs.NONE, new Sequencer.Limits(10, 100_000, 1 << 20, 2, MAX_HELD_BYTES), clock::get);
        sequencer.add(Blocks.decoded(FIRST, 1, frames("a")));
        assertThat(sequencer.hasRoom()).isTrue();
        sequencer.add(Blocks.decoded(FIRST, 2, frames("b")));
        assertThat(sequencer.hasRoom()).isFalse();
    }

    @Test
    void framesWithoutEventsMoveTheSeqOnAndHoldNothing() {
        Sequencer sequencer = sequencer(100, 100_000);
        sequencer.add(Blocks.decoded(FIRST, 1, List.of(List.of(), List.of())));
        assertThat(sequencer.pendingEvents()).isZero();
        assertThatThrownBy(sequencer::cut).isInstanceOf(IllegalStateException.class);
        sequencer.add(Blocks.decoded(FIRST, 3, frames("a")));
        sequencer.add(Blocks.decoded(FIRST, 4, List.of(List.of(), List.of())));
        assertThat(seq(sequencer.cut())).isEqualTo(5);
    }

    @Test
    void aFrameOfManyEventsStaysWhole() {
        Sequencer sequencer = sequencer(2, 100_000);
        List<Blocks.Event> many = java.util.Collections.nCopies(5, post("x"));
        DecodedFrames frames = Blocks.decoded(FIRST, 1, List.of(many, List.of(post("y"))));
        sequencer.add(frames);
        assertThat(sequencer.isFull()).isTrue();
        assertThat(sequencer.cut().count()).isEqualTo(5);
        assertThat(sequencer.cut().count()).isEqualTo(1);
    }

    private static long seq(EventBlock block) {
        return block.upstream().lastOf("ws://relay").orElseThrow();
    }

    private static List<List<Blocks.Event>> frames(String... texts) {
        return java.util.Arrays.stream(texts).map(text -> List.of(post(text))).toList();
    }

    private static Blocks.Event post(String text) {
        return Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", text);
    }
}
