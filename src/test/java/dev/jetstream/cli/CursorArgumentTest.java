package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorArgumentTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    @ParameterizedTest
    @CsvSource({
        "1725911162329308, 1725911162329308",
        "0, 0",
        "-5, -5",
        "-10m, 999400000000",
        "-1h30m, 994600000000",
        "-2d, 827200000000",
        "-90s, 999910000000",
        "1970-01-12T13:46:40Z, 1000000000000",
        "1970-01-12T14:46:40.5+01:00, 1000000500000"
    })
    void readsMicrosecondsTimesAgoAndTimes(String text, long micros) {
        assertThat(CursorArgument.parse(text, NOW)).isEqualTo(micros);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "10m",
                "-m",
                "-10x",
                "--10m",
                "2026-01-31",
                "9223372036854775808",
                "-999999999d",
                "+5",
                "-1m 2s"
            })
    void refusesTheRestNamingIt(String text) {
        assertThatThrownBy(() -> CursorArgument.parse(text, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a cursor: " + text + ": use");
    }
}
