package dev.jetstream.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.Filter;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedFiltersTest {
    private static final int MAX_BYTES = 1 << 20;

    private final SharedFilters filters = new SharedFilters(MAX_BYTES);

    /** Some 500 kB. */
    private static Filter large(String name) {
        Set<String> dids =
                IntStream.range(0, 4_000).mapToObj(i -> "did:web:" + name + i).collect(Collectors.toSet());
        return new Filter(Set.of(), dids, 0);
    }

    @Test
    void largeOnesHaveABoundAllTogetherAndEqualOnesCountOnce() {
        SharedFilters.Shared first = filters.join(large("a"));
        assertThat(filters.join(large("a"))).isSameAs(first);
        assertThat(filters.join(large("b"))).isNotNull();
        assertThat(filters.join(large("c"))).isNull();
        assertThat(filters.join(large("a"))).isSameAs(first);
        assertThat(filters.size()).isEqualTo(2);
        for (int users = 3; users > 0; users--) {
            assertThat(filters.join(large("c"))).isNull();
            filters.leave(first);
        }
        assertThat(filters.join(large("c"))).isNotNull();
    }

    @Test
    void smallOnesAlwaysFindRoom() {
        filters.join(large("a"));
        filters.join(large("b"));
        assertThat(filters.join(large("c"))).isNull();
        for (int i = 0; i < 10_000; i++) {
            assertThat(filters.join(new Filter(Set.of("a.b.c"), Set.of("did:web:d" + i), 0)))
                    .isNotNull();
        }
    }

    @Test
    void whatIsRefusedTakesNoRoom() {
        filters.join(large("a"));
        filters.join(large("b"));
        for (int i = 0; i < 100; i++) {
            assertThat(filters.join(large("c"))).isNull();
        }
        assertThat(filters.size()).isEqualTo(2);
        filters.leave(filters.join(large("a")));
        assertThat(filters.join(large("b"))).isNotNull();
    }
}
