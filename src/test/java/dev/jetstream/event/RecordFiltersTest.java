package dev.jetstream.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Blocks.Event;
import dev.jetstream.stream.MessageCompressor;
import dev.jetstream.stream.V1Stream;
import dev.jetstream.stream.V1Stream.Format;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a record refers to and its languages, by examples; random ones are in {@code FilterOracleIT}. */
class RecordFiltersTest {
    private static final V1Stream STREAM = new V1Stream(new MessageCompressor(new byte[0], 1), Format.V1);
    private static final String POST = "app.bsky.feed.post";

    private static Event record(String json) {
        return Event.commit("did:plc:author", POST, json.replace('\'', '"'));
    }

    /** The events that pass. */
    private static List<Integer> passing(Filter filter, List<Event> events) {
        EventBlock block = Blocks.of(1, 0, 1_780_000_000_000_000L, events);
        Selection selection = block.select(filter, STREAM.encoding(Format.V1, false), false);
        return IntStream.range(0, selection.runs())
                .flatMap(run -> IntStream.range(selection.from(run), selection.to(run)))
                .boxed()
                .toList();
    }

    private static boolean passes(Filter filter, Event event) {
        // Neighbours that must not matter.
        List<Event> events = List.of(
                record("{'a':'did:plc:neighbour'}"), event, Event.commit("did:plc:author", POST, "did:plc:neighbour"));
        return passing(filter, events).contains(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // A DID
                "did:plc:x | {'$type':'app.bsky.graph.follow','subject':'did:plc:x'} | true",
                "did:plc:x | {'facets':[{'features':[{'$type':'app.bsky.richtext.facet#mention','did':'did:plc:x'}]}]} | true",
                "did:plc:x | {'reply':{'parent':{'cid':'b','uri':'at://did:plc:x/a.b.c/k'},'root':{}}} | true",
                "did:plc:x | {'embed':{'record':{'uri':'at://did:plc:x/a.b.c/k'}}} | true",
                "did:plc:x | {'list':'at://did:plc:y/a.b.c/k','subject':'did:plc:x'} | true",
                "did:plc:x | {'odd':[[{'deep':{'er':['z','did:plc:x']}}]]} | true",
                "did:plc:x | {'a':'at://did:plc:x'} | true",
                "did:plc:x | {'a':'at://did:plc:x/'} | true",
                "did:plc:x | {'text':'hello did:plc:x'} | false",
                "did:plc:x | {'text':'did:plc:x hello'} | false",
                "did:plc:x | {'text':' did:plc:x'} | false",
                "did:plc:x | {'text':'did:plc:xy'} | false",
                "did:plc:xy | {'text':'did:plc:x'} | false",
                "did:plc:x | {'text':'see at://did:plc:x/a.b.c/k'} | false",
                "did:plc:x | {'text':'at://did:plc:xy/a.b.c/k'} | false",
                "did:plc:x | {'text':'at://did:plc:x?k'} | false",
                "did:plc:x | {'text':'at://did:plc:x#k'} | false",
                "did:plc:x | {'text':'AT://did:plc:x'} | false",
                "did:plc:x | {'text':'at://alice.test/did:plc:x'} | false",
                "did:plc:x | {'text':'at://did:plc:y/did:plc:x'} | false",
                "did:plc:x | {'text':'quoted \\'did:plc:x\\' here'} | false",
                "did:plc:x | {'text':'\\\\','a':'did:plc:x'} | true",
                "did:plc:x | {'did:plc:x':1} | false",
                "did:plc:x | {'did:plc:x':{'a':'b'}} | false",
                "did:plc:x | {'a':{'$link':'did:plc:xyz'}} | false",
                "did:plc:author | {'a':'b'} | false",
                // An at-URI
                "at://did:plc:x | {'a':'at://did:plc:x'} | true",
                "at://did:plc:x | {'a':'at://did:plc:x/a.b.c/k'} | true",
                "at://did:plc:x | {'a':'did:plc:x'} | false",
                "at://did:plc:x | {'a':'at://did:plc:xy/a.b.c/k'} | false",
                "at://did:plc:x/a.b.c | {'a':'at://did:plc:x/a.b.c'} | true",
                "at://did:plc:x/a.b.c | {'a':'at://did:plc:x/a.b.c/k'} | true",
                "at://did:plc:x/a.b.c | {'a':'at://did:plc:x/a.b.cd/k'} | false",
                "at://did:plc:x/a.b.c | {'a':'at://did:plc:x'} | false",
                "at://did:plc:x/a.b.c/k | {'a':'at://did:plc:x/a.b.c/k'} | true",
                "at://did:plc:x/a.b.c/k | {'a':'at://did:plc:x/a.b.c/k/more/\\'>'} | true",
                "at://did:plc:x/a.b.c/k | {'a':'at://did:plc:x/a.b.c/k2'} | false",
                "at://did:plc:x/a.b.c/k | {'a':'at://did:plc:x/a.b.c/k#f'} | false",
                "at://did:plc:x/a.b.c/k | {'a':'at://did:plc:x/a.b.c'} | false",
            })
    void aRecordRefersToASubject(String subject, String record, boolean refers) {
        Filter filter = Filter.builder().subjects(List.of(subject)).build();
        assertThat(passes(filter, record(record))).isEqualTo(refers);
        Filter among = Filter.builder().subjects(many(subject)).build();
        assertThat(passes(among, record(record))).isEqualTo(refers);
    }

    /** A subject among so many that the block's texts are looked up in them, not they in the block. */
    private static List<String> many(String subject) {
        List<String> subjects = new ArrayList<>(List.of(subject));
        for (int i = 0; i < 200; i++) {
            subjects.add("did:plc:" + i);
            subjects.add("at://did:plc:" + i + "/a.b.c");
        }
        return subjects;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "pt | {'langs':['pt']} | true",
                "pt | {'langs':['en','PT-br']} | true",
                "PT-BR | {'langs':['pt-br']} | true",
                "pt-BR | {'langs':['pt-BR-x-foo']} | true",
                "pt-BR | {'langs':['pt']} | false",
                "pt | {'langs':['ptx','p','pt_BR']} | false",
                "pt | {'langs':['x-pt']} | false",
                "pt | {'langs':[]} | false",
                "pt | {'langs':'pt'} | false",
                "pt | {'langs':[['pt'],{'a':'pt'},7,null]} | false",
                "pt | {'langs':[{'a':['x']},'pt']} | true",
                "pt | {'a':{'langs':['pt']}} | false",
                "pt | {'a':[{'langs':['en']}],'langs':['pt']} | true",
                "pt | {'text':'\\'langs\\':[\\'pt\\']'} | false",
                "pt | {'a':'langs'} | false",
                "und | {'text':'x'} | true",
                "und | {'langs':'pt'} | true",
                "und | {'a':{'langs':['pt']}} | true",
                "und | {'langs':[]} | false",
                "und | {'langs':['pt']} | false",
                "und | {'langs':['und']} | true",
                "und-Latn | {'text':'x'} | false",
            })
    void aRecordIsInALanguage(String lang, String record, boolean isIn) {
        Filter filter = Filter.builder().langs(List.of(lang)).build();
        assertThat(passes(filter, record(record))).isEqualTo(isIn);
        assertThat(passes(Filter.builder().langs(List.of(lang, "zz")).build(), record(record)))
                .isEqualTo(isIn);
    }

    @Test
    void commitsAloneAreNarrowedAndDeletesHaveNoRecord() {
        List<Event> events = List.of(
                record("{'a':'did:plc:x'}"),
                new Event("did:plc:x", "identity", "create", "x.test"),
                new Event("did:plc:x", POST, "delete", ""),
                new Event("did:plc:x", "account", "create", ""),
                record("{'a':'did:plc:y'}"));
        Filter.Builder subject = Filter.builder().subjects(List.of("did:plc:x"));
        assertThat(passing(subject.build(), events)).containsExactly(0, 1, 3);
        Set<EventKind> commits = EnumSet.of(EventKind.COMMIT);
        assertThat(passing(subject.kinds(commits).build(), events)).containsExactly(0);
        assertThat(passing(Filter.builder().langs(List.of("en")).build(), events))
                .containsExactly(1, 3);
        assertThat(passing(Filter.builder().kinds(commits).langs(List.of("und")).build(), events))
                .containsExactly(0, 2, 4);
    }

    @Test
    void whatRecordsReferToIsChargedOnceAndForgotten() {
        EventBlock block = Blocks.of(1, 0, 1_780_000_000_000_000L, List.of(record("{'a':'at://did:plc:x/a.b.c/k'}")));
        AtomicLong charged = new AtomicLong();
        block.chargeTo((of, bytes) -> charged.addAndGet(bytes));
        Filter did = Filter.builder().subjects(List.of("did:plc:x")).build();
        Filter uri = Filter.builder().subjects(List.of("at://did:plc:x")).build();
        for (Filter filter :
                List.of(did, uri, Filter.builder().langs(List.of("en")).build())) {
            long before = charged.get();
            Selection first = block.select(filter, STREAM.encoding(Format.V1, false), false);
            long after = charged.get();
            assertThat(after).isGreaterThan(before);
            assertThat(block.select(filter, STREAM.encoding(Format.V1, false), false)
                            .count())
                    .isEqualTo(first.count());
            assertThat(charged).hasValue(after);
            block.forgetMemos();
        }
    }

    @Test
    void recordsFullOfReferencesAreIndexed() {
        int many = 60_000;
        String list = IntStream.range(0, many)
                .mapToObj(i -> "\"did:plc:" + i + "\",\"did:plc:same\"")
                .collect(Collectors.joining(",", "{\"a\":[", "]}"));
        List<Event> events = List.of(record(list), record("{'a':'did:plc:same'}"));
        assertThat(passing(Filter.builder().subjects(List.of("did:plc:59999")).build(), events))
                .containsExactly(0);
        assertThat(passing(Filter.builder().subjects(List.of("did:plc:same")).build(), events))
                .containsExactly(0, 1);
    }
}
