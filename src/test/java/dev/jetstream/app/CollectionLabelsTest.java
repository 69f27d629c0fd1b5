package dev.jetstream.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectionLabelsTest {
    private static final int ROOM = 3;
    private final CollectionLabels labels = new CollectionLabels(CollectionLabels.KNOWN.size() + ROOM, 10, 100);

    @Test
    void aKnownCollectionHasItsLabelFromTheFirstOp() {
        assertThat(labels.label("app.bsky.feed.post", 1)).isEqualTo("app.bsky.feed.post");
    }

    @Test
    void anotherEarnsItsLabelByBeingSeenOften() {
        assertThat(labels.label("com.example.thing", 99)).isEqualTo("other");
        assertThat(labels.label("com.example.thing", 1)).isEqualTo("com.example.thing");
        assertThat(labels.label("com.example.thing", 1)).isEqualTo("com.example.thing");
    }

    @Test
    void inventedNamesTakeNoRoom() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(labels.label("com.example.invented" + i, 1)).isEqualTo("other");
        }
        assertThat(labels.label("com.example.real", 100)).isEqualTo("com.example.real");
    }

    @Test
    void aBusyCandidateOutlivesAFloodOfInventedNames() {
        String last = "";
        for (int i = 0; i < 1_000; i++) {
            labels.label("com.example.invented" + i, 1);
            last = labels.label("com.example.busy", 50);
        }
        assertThat(last).isEqualTo("com.example.busy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\"b", "a\nb", "a b", "é.è.ê", "a\\b", "{x}"})
    void whatIsNoNsidIsNeverALabel(String hostile) {
        assertThat(labels.label(hostile, 1_000)).isEqualTo("other");
        assertThat(labels.label("x".repeat(1_000), 1_000)).isEqualTo("other");
    }

    @Property(tries = 200)
    void neverMoreLabelsThanAllowed(@ForAll @Size(max = 300) List<@IntRange(max = 50) Integer> names) {
        CollectionLabels many = new CollectionLabels(CollectionLabels.KNOWN.size() + ROOM, 10, 100);
        Set<String> given = new HashSet<>();
        for (int name : names) {
            given.add(many.label("com.example.n" + name, 60));
        }
        given.remove("other");
        assertThat(given).hasSizeLessThanOrEqualTo(ROOM);
    }
}
