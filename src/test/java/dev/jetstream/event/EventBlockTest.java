package dev.jetstream.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.stream.Encoding;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import dev.jetstream.stream.Zstds;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EventBlockTest {
    private static final long TIME = 1_780_000_000_000_000L;
    private static final V1Stream FORMS = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);

    @Provide
    Arbitrary<List<Blocks.Event>> events() {
        return EventArbitraries.events().list().ofMinSize(1).ofMaxSize(40);
    }

    @Provide
    Arbitrary<Filter> filters() {
        return EventArbitraries.filters();
    }

    @Property(tries = 400)
    void selectsWhatANaiveFilterLetsThrough(
            @ForAll("events") List<Blocks.Event> events,
            @ForAll("filters") Filter filter,
            @ForAll Format format,
            @ForAll boolean compressed,
            @ForAll boolean shared) {
        EventBlock block = Blocks.of(1, 0, TIME, events);
        Encoding form = FORMS.encoding(format, compressed);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            String json = format == Format.V1
                    ? events.get(i).json(TIME + i)
                    : events.get(i).jsonV0(TIME + i);
            if (EventArbitraries.wants(filter, events.get(i), json)) {
                wanted.add(json);
            }
        }
        for (int round = 0; round < 2; round++) {
            Selection selection = block.select(filter, form, shared);
            assertThat(read(selection, block.frames(form), compressed)).isEqualTo(wanted);
            assertThat(selection.count()).isEqualTo(wanted.size());
        }
    }

    private static List<String> read(Selection selection, Frames frames, boolean compressed) {
        List<String> texts = new ArrayList<>();
        for (int run = 0; run < selection.runs(); run++) {
            int from = frames.start(selection.from(run));
            int to = frames.end(selection.to(run) - 1);
            for (byte[] payload : Blocks.payloads(frames.bytes(), from, to)) {
                texts.add(new String(compressed ? Zstds.decompress(payload, null) : payload, UTF_8));
            }
        }
        return texts;
    }

    @Test
    void aSelectionFindsTheRunBehindAnEvent() {
        Selection.Builder builder = new Selection.Builder();
        List.of(1, 2, 5, 9).forEach(builder::add);
        Selection selection = builder.build();
        assertThat(selection.runs()).isEqualTo(3);
        assertThat(selection.runAt(0)).isZero();
        assertThat(selection.runAt(2)).isZero();
        assertThat(selection.runAt(3)).isEqualTo(1);
        assertThat(selection.runAt(6)).isEqualTo(2);
        assertThat(selection.runAt(10)).isEqualTo(3);
    }

    @Test
    void findsTheFirstEventAtOrAfterATime() {
        EventBlock block = Blocks.of(1, 0, 100, List.of(post("a"), post("b"), post("c")));
        assertThat(block.firstAtOrAfter(99)).isZero();
        assertThat(block.firstAtOrAfter(101)).isEqualTo(1);
        assertThat(block.firstAtOrAfter(103)).isEqualTo(3);
    }

    @Test
    void chargesWhatItMemoizesOnce() {
        EventBlock block = Blocks.of(1, 0, TIME, List.of(post("a"), post("b")));
        AtomicLong charged = new AtomicLong();
        block.chargeTo((of, bytes) -> charged.addAndGet(bytes));
        block.frames(FORMS.encoding(Format.V1, false));
        assertThat(charged).hasValue(0);
        block.frames(FORMS.encoding(Format.V0, true));
        long both = charged.get();
        assertThat(both).isPositive();
        block.frames(FORMS.encoding(Format.V0, true));
        assertThat(charged).hasValue(both);
        Filter filter = new Filter(List.of("app.bsky.feed.post"), List.of(), 0);
        block.select(filter, FORMS.encoding(Format.V1, false), false);
        assertThat(charged).hasValue(both);
        block.select(filter, FORMS.encoding(Format.V1, false), true);
        assertThat(charged.get()).isGreaterThan(both);
    }

    @Test
    void aMemoDoesNotKeepItsFilterAlive() throws Exception {
        EventBlock block = Blocks.of(1, 0, TIME, List.of(post("a"), post("b")));
        Filter filter = new Filter(List.of("app.bsky.feed.post"), List.of("did:plc:a"), 0);
        block.select(filter, FORMS.encoding(Format.V1, false), true);
        WeakReference<Filter> left = new WeakReference<>(filter);
        filter = null;
        for (int i = 0; i < 100 && left.get() != null; i++) {
            System.gc();
            Thread.onSpinWait();
        }
        assertThat(left.get()).isNull();
        assertThat(block.count()).isEqualTo(2);
    }

    @Test
    void theCollectionsOfABlockAreWeighed() {
        String longName = "app.bsky." + "x".repeat(200);
        long weight = Blocks.of(1, 0, TIME, List.of(post("a"))).weight();
        EventBlock other = Blocks.of(1, 0, TIME, List.of(Blocks.Event.commit("did:plc:a", longName, "a")));
        assertThat(other.weight() - weight).isGreaterThan(2 * 180);
    }

    @Test
    void whatWasForgottenIsMadeAgainAlike() {
        EventBlock block = Blocks.of(1, 0, TIME, List.of(post("a"), post("b")));
        byte[] before = block.frames(FORMS.encoding(Format.V0, true)).bytes();
        block.forgetMemos();
        assertThat(block.frames(FORMS.encoding(Format.V0, true)).bytes()).isEqualTo(before);
    }

    @Test
    void filtersAreEqualByWhatTheyWant() {
        Filter one = new Filter(List.of("a.b.c", "a.b.*", "a.b.c"), List.of("did:plc:x"), 5);
        Filter same = new Filter(List.of("a.b.*", "a.b.c"), List.of("did:plc:x", "did:plc:x"), 5);
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(one).isNotEqualTo(new Filter(List.of("a.b.*", "a.b.c"), List.of("did:plc:x"), 6));
    }

    @Test
    void aPrefixMatchesBelowItAndNotItself() {
        Filter filter = new Filter(List.of("app.bsky.*"), List.of(), 0);
        assertThat(filter.wantsCollection("app.bsky.feed")).isTrue();
        assertThat(filter.wantsCollection("app.bsky")).isFalse();
        assertThat(filter.wantsCollection("app.bskyx.feed")).isFalse();
    }

    private static Blocks.Event post(String text) {
        return Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", text);
    }
}
