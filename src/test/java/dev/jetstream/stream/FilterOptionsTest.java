package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import dev.jetstream.event.Operation;
import dev.jetstream.stream.EventStream.ClientMessage;
import java.net.URLEncoder;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of lists, each in the query and in {@code options_update}. */
class FilterOptionsTest {
    private static final V1Stream STREAM = new V1Stream(new MessageCompressor(new byte[0], 1), V1Stream.Format.V1);
    private static final long NOW = 1_780_000_000_000_000L;

    /** What a query with these values leads to. */
    private static EventStream.Answer query(String name, List<String> values) {
        String query = values.stream()
                .map(value -> name + "=" + URLEncoder.encode(value, UTF_8))
                .collect(Collectors.joining("&"));
        return STREAM.read(new EventStream.Request("/subscribe?" + query, field -> List.of(), true), NOW);
    }

    /** What an update with these values leads to. */
    private static ClientMessage update(String name, List<String> values) {
        String list = values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(",", "[", "]"));
        String message = "{\"type\":\"options_update\",\"payload\":{\"" + name + "\":" + list + "}}";
        return STREAM.readMessage(message.getBytes(UTF_8));
    }

    /** The filter of both. */
    private static Filter filter(String name, List<String> values) {
        Filter asked = ((Subscription) query(name, values)).filter();
        assertThat(((ClientMessage.Update) update(name.toUpperCase(java.util.Locale.ROOT), values)).filter())
                .isEqualTo(asked);
        return asked;
    }

    private static void assertRefused(String name, List<String> values, String text) {
        assertThat(query(name, values)).isEqualTo(new EventStream.Refusal(400, text));
        assertThat(update(name, values)).isEqualTo(new ClientMessage.Refused(1008, text));
    }

    @ParameterizedTest
    @CsvSource({
        "wantedKinds, commits, invalid kind: commits",
        "wantedKinds, Commit, invalid kind: Commit",
        "wantedOperations, c, invalid operation: c",
        "wantedOperations, CREATE, invalid operation: CREATE",
        "wantedSubjects, alice.test, invalid subject: alice.test",
        "wantedSubjects, at://alice.test, invalid subject: at://alice.test",
        "wantedSubjects, at://did:plc:a/, invalid subject: at://did:plc:a/",
        "wantedSubjects, at://did:plc:a/post, invalid subject: at://did:plc:a/post",
        "wantedSubjects, at://did:plc:a/app.bsky.*, invalid subject: at://did:plc:a/app.bsky.*",
        "wantedSubjects, at://did:plc:a/a.b.c/, invalid subject: at://did:plc:a/a.b.c/",
        "wantedSubjects, at://did:plc:a/a.b.c/.., invalid subject: at://did:plc:a/a.b.c/..",
        "wantedSubjects, at://did:plc:a/a.b.c/k/x, invalid subject: at://did:plc:a/a.b.c/k/x",
        "wantedSubjects, did:plc:a/a.b.c, invalid subject: did:plc:a/a.b.c",
        "wantedLangs, pt_BR, invalid language: pt_BR",
        "wantedLangs, pt-, invalid language: pt-",
        "wantedLangs, *, invalid language: *",
        "wantedLangs, portuguese, invalid language: portuguese",
        "unwantedCollections, nope, invalid collection: nope",
        "unwantedCollections, a.b.fo*, invalid collection: a.b.fo*",
        "unwantedDids, alice.test, invalid did: alice.test",
        "unwantedDids, did:plc:, invalid did: did:plc:",
    })
    void aBadValueIsNamed(String name, String value, String text) {
        assertRefused(name, List.of(value), "invalid subscriber options: " + text);
    }

    @Test
    void theFirstBadValueIsNamed() {
        assertRefused("wantedKinds", List.of("commit", "x", "y"), "invalid subscriber options: invalid kind: x");
        String both = "/subscribe?wantedKinds=x&wantedCollections=y&unwantedDids=z";
        assertThat(STREAM.read(new EventStream.Request(both, field -> List.of(), true), NOW))
                .isEqualTo(new EventStream.Refusal(400, "invalid subscriber options: invalid collection: y"));
    }

    @ParameterizedTest
    @CsvSource({
        "wantedCollections, a.b.c, 100, wanted collections",
        "unwantedCollections, a.b.c, 100, unwanted collections",
        "wantedDids, did:plc:, 10000, wanted DIDs",
        "unwantedDids, did:plc:, 10000, unwanted DIDs",
        "wantedSubjects, at://did:plc:abcdefghijklmnopqrstuvwx/app.bsky.feed.post/, 10000, wanted subjects",
        "wantedLangs, en-x, 100, wanted languages",
    })
    void asManyAsAllowedAndNoMore(String name, String start, int max, String plural) {
        List<String> values =
                IntStream.range(0, max + 1).mapToObj(i -> start + i).toList();
        assertThat(filter(name, values.subList(0, max)).isAll()).isFalse();
        assertRefused(name, values, "invalid subscriber options: too many " + plural);
    }

    @Test
    void repeatsCountOnce() {
        List<String> repeated = IntStream.range(0, 500).mapToObj(i -> "a.b.c").toList();
        assertThat(filter("unwantedCollections", repeated).unwantedCollections())
                .containsExactly("a.b.c");
    }

    @ParameterizedTest
    @CsvSource({
        "wantedKinds",
        "wantedOperations",
        "wantedSubjects",
        "wantedLangs",
        "unwantedCollections",
        "unwantedDids"
    })
    void noneIsNoRestriction(String name) {
        assertThat(filter(name, List.of()).isAll()).isTrue();
        assertThat(((Subscription) query(name, List.of(""))).filter().isAll()).isTrue();
        assertThat(update(name, List.of(""))).isInstanceOf(ClientMessage.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({
        "did:plc:a",
        "at://did:web:a.b",
        "at://did:plc:a/app.bsky.feed.post",
        "at://did:plc:a/a.b.c/self",
        "at://did:plc:a/a.b.c/~1:._-",
    })
    void subjectsAreDidsAndUris(String subject) {
        assertThat(filter("wantedSubjects", List.of(subject, subject)))
                .isEqualTo(Filter.builder().subjects(List.of(subject)).build());
    }

    @Test
    void languagesAreTheSameInAnyCase() {
        assertThat(filter("wantedLangs", List.of("pt-BR", "PT-br", "und")))
                .isEqualTo(Filter.builder().langs(List.of("pt-br", "und")).build());
    }

    @Test
    void everyConditionArrives() {
        Filter kinds = filter("wantedKinds", List.of("commit", "account"));
        assertThat(EnumSet.allOf(EventKind.class).stream().filter(kinds::wantsKind))
                .containsExactly(EventKind.COMMIT, EventKind.ACCOUNT);
        Filter operations = filter("wantedOperations", List.of("create", "delete"));
        assertThat(EnumSet.allOf(Operation.class).stream().filter(operations::wantsOperation))
                .containsExactly(Operation.CREATE, Operation.DELETE);
        assertThat(filter("unwantedCollections", List.of("a.b.*", "a.b.c")).unwantedCollections())
                .containsExactlyInAnyOrder("a.b.*", "a.b.c");
        assertThat(filter("unwantedDids", List.of("did:web:a.b")).unwantedDids())
                .containsExactly("did:web:a.b");
    }
}
