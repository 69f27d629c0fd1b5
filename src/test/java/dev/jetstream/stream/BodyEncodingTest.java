package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Blocks;
import dev.jetstream.event.EventArbitraries;
import dev.jetstream.event.EventBlock;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Frames;
import dev.jetstream.event.Selection;
import dev.jetstream.stream.V1Stream.Format;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyEncodingTest {
    private static final long TIME = 1_780_000_000_000_000L;
    private static final V1Stream FORMS = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);

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
        Encoding form = FORMS.encoding(format, stream);
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
            bytes.add(block.frames(FORMS.encoding(format, false)).bytes());
            bytes.add(block.frames(FORMS.encoding(format, true)).bytes());
            for (HttpStream stream : HttpStream.values()) {
                bytes.add(block.frames(FORMS.encoding(format, stream)).bytes());
            }
        }
        assertThat(bytes).hasSize(8).doesNotHaveDuplicates();
        assertThat(block.frames(FORMS.encoding(Format.V1, HttpStream.NDJSON)).bytes())
                .as("made once")
                .isSameAs(bytes.get(3));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536, 1 << 20})
    void a_chunk_is_its_length_in_hex_and_its_bytes_between_line_ends(int length) {
        String text = "x".repeat(length);
        String chunk = new String(BodyEncoding.chunk(text), US_ASCII);
        assertThat(chunk).isEqualTo(Integer.toHexString(length) + "\r\n" + text + "\r\n");
        assertThat(BodyEncoding.chunkSize(length)).isEqualTo(chunk.length());
    }

    @Test
    void silence_is_a_comment_line_or_an_empty_line_in_a_chunk_of_its_own() {
        Encoding events = FORMS.encoding(Format.V1, HttpStream.SERVER_SENT_EVENTS);
        Encoding lines = FORMS.encoding(Format.V1, HttpStream.NDJSON);
        assertThat(new String(events.keepAlive(), US_ASCII)).isEqualTo("2\r\n:\n\r\n");
        assertThat(new String(lines.keepAlive(), US_ASCII)).isEqualTo("1\r\n\n\r\n");
        assertThat(new String(events.end(1001, "going away"), US_ASCII)).isEqualTo("0\r\n\r\n");
    }
}
