package dev.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpStreamTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/event-stream | SERVER_SENT_EVENTS",
                "application/x-ndjson | NDJSON",
                "Text/Event-Stream;charset=utf-8 | SERVER_SENT_EVENTS",
                "text/html, application/x-ndjson;q=0.1, */* | NDJSON",
                "text/event-stream, application/x-ndjson | SERVER_SENT_EVENTS",
                "application/x-ndjson,text/event-stream | NDJSON",
                "text/event-stream;q=0.5, application/x-ndjson;q=0.8 | NDJSON",
                "text/event-stream; Q = 0.5, application/x-ndjson;q=0.499 | SERVER_SENT_EVENTS",
                "text/event-stream;q=0, application/x-ndjson;q=0.001 | NDJSON",
                "text/event-stream;q=much, application/x-ndjson;q=0.9 | SERVER_SENT_EVENTS",
                "text/event-stream;q=1.000;x=y, application/x-ndjson | SERVER_SENT_EVENTS",
            })
    void the_named_stream_with_the_greatest_weight_wins_and_of_equals_the_first(String accept, HttpStream stream) {
        assertThat(HttpStream.accepted(List.of(accept))).contains(stream);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*",
                "text/*, application/*",
                "text/html,application/json",
                "text/event-stream;q=0",
                "text/event-stream;q=0.000",
                "text/event-streams",
                "",
                ";,;",
            })
    void ranges_and_other_types_ask_for_no_stream(String accept) {
        assertThat(HttpStream.accepted(List.of(accept))).isEmpty();
    }

    @Test
    void several_fields_are_one_list() {
        assertThat(HttpStream.accepted(List.of("text/html", "application/x-ndjson")))
                .contains(HttpStream.NDJSON);
        assertThat(HttpStream.accepted(List.of())).isEmpty();
    }
}
