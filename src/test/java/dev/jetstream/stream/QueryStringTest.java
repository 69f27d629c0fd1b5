package dev.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expectations are what Go's {@code url.ParseQuery} gives. */
class QueryStringTest {
    private static final Set<String> NAMES = Set.of("a", "b", "a b");

    @ParameterizedTest
    @CsvSource({
        "/x?a=1, 1",
        "/x?a=1&a=2, 1|2",
        "/x?a, ''",
        "/x?a=, ''",
        "/x?a=b=c, b=c",
        "/x?a=1+2%2B3, 1 2+3",
        "/x?%61=1, 1",
        "/x?a=%, -",
        "/x?a=%4, -",
        "/x?a=%4g, -",
        "/x?a=%zz&a=ok, ok",
        "/x?%zz=1&a=ok, ok",
        "/x?a=1;b=2, -",
        "/x?a;=1&a=2, 2",
        "/x?a=%3B, ;",
        "/x?&&a=1&&, 1",
        "/x?A=1, -",
        "/x?a=did:plc:x&a=did%3Aplc%3ax, did:plc:x|did:plc:x",
        "/x?a=?b&a=#c, ?b|#c",
        "/x, -",
        "/x?, -",
        "'', -",
    })
    void values_are_read_as_go_reads_them(String target, String values) {
        assertThat(String.join("|", QueryString.of(target, NAMES).all("a")))
                .isEqualTo(values.equals("-") ? "" : values);
        assertThat(QueryString.of(target, NAMES).all("a").isEmpty()).isEqualTo(values.equals("-"));
    }

    @Test
    void percent_encoded_and_raw_utf8_are_text() {
        assertThat(QueryString.of("/x?a=%C3%A4", NAMES).first("a")).isEqualTo("ä");
        assertThat(QueryString.of("/x?a=\u00c3\u00a4", NAMES).first("a")).isEqualTo("ä");
        assertThat(QueryString.of("/x?a+b=1", NAMES).first("a b")).isEqualTo("1");
    }

    @Test
    void only_known_names_are_kept() {
        QueryString query = QueryString.of("/x?c=1&b=2", NAMES);
        assertThat(query.all("c")).isEmpty();
        assertThat(query.first("b")).isEqualTo("2");
        assertThat(query.first("a")).isEmpty();
    }
}
