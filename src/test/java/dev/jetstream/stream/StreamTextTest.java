package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Blocks;
import dev.jetstream.event.EventArbitraries;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Frames;
import dev.jetstream.event.Selection;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StreamTextTest {
    private static final long TIME = 1_780_000_000_000_000L;
    private static final Representations FORMS = new Representations(new MessageCompressor(new byte[0], 1));

    @Provide
    Arbitrary<List<Blocks.Event>> events() {
        return EventArbitraries.events().list().ofMinSize(1).ofMaxSize(30);
    }

    @Provide
    Arbitrary<Filter> filters() {
        return EventArbitraries.filters();
    }

    @Property(tries = 300)
    void whatIsSelectedIsSpelledOutAsANaiveServerWould(
            @ForAll("events") List<Blocks.Event> events,
            @ForAll("filters") Filter filter,
            @ForAll Format format,
            @ForAll HttpStream stream,
            @ForAll boolean shared) {
        EventBlock block = Blocks.of(1, 0, TIME, events);
        Representation form = FORMS.of(format, stream);
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            Blocks.Event event = events.get(i);
            String json = format == Format.V1 ? event.json(TIME + i) : event.jsonV0(TIME + i);
            if (EventArbitraries.wants(filter, event, json)) {
                wanted.add(chunk(text(stream, TIME + i, json)));
            }
        }
        assertThat(read(block.select(filter, form, shared), block.frames(form))).isEqualTo(wanted);
    }

    private static String text(HttpStream stream, long time, String json) {
        return switch (stream) {
            case SERVER_SENT_EVENTS -> "id: " + time + "\ndata: " + json + "\n\n";
            case NDJSON -> json + "\n";
        };
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.getBytes(UTF_8).length) + "\r\n" + text + "\r\n";
    }

    private static List<String> read(Selection selection, Frames frames) {
        List<String> texts = new ArrayList<>();
        for (int run = 0; run < selection.runs(); run++) {
            for (int i = selection.from(run); i < selection.to(run); i++) {
                int from = frames.start(i);
                texts.add(new String(frames.bytes(), from, frames.end(i) - from, UTF_8));
            }
        }
        return texts;
    }

    @Test
    void eachFormHasAPlaceOfItsOwnInABlock() {
        EventBlock block = Blocks.of(1, 0, TIME, List.of(Blocks.Event.commit("did:plc:a", "a.b.c", "text")));
        List<byte[]> bytes = new ArrayList<>();
        for (Format format : Format.values()) {
            bytes.add(block.frames(FORMS.of(format, false)).bytes());
            bytes.add(block.frames(FORMS.of(format, true)).bytes());
            for (HttpStream stream : HttpStream.values()) {
                bytes.add(block.frames(FORMS.of(format, stream)).bytes());
            }
        }
        assertThat(bytes).hasSize(Form.values().length).doesNotHaveDuplicates();
        assertThat(block.frames(FORMS.of(Format.V1, HttpStream.NDJSON)).bytes())
                .as("made once")
                .isSameAs(bytes.get(3));
    }
}
