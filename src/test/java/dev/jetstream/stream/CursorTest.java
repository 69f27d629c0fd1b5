package dev.jetstream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CursorTest {
    private static final long NOW_US = 1_780_000_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "1779999999000000, 1779999999000000",
        "1780000001000000, 1780000001000000",
        "1779999999, 1779999999000000",
        "1780000000, 1780000000000000",
        "1779999999999, 1779999999999000",
        "1780000001, 1780000001",
        "2500000000, 2500000000",
        "9000000000000, 9000000000000",
        "9223372036854775807, 9223372036854775807",
        "25, 25",
        "0, 0",
        "-1, -1"
    })
    void secondsAndMillisecondsAreReadAsSuchUnlessInTheFuture(String text, long microseconds) {
        assertThat(Cursor.microseconds(text, NOW_US)).hasValue(microseconds);
    }

    @ParameterizedTest
    @CsvSource({"x", "9223372036854775808", "1.5", "''"})
    void whatIsNo64BitIntegerIsNoCursor(String text) {
        assertThat(Cursor.microseconds(text, NOW_US)).isEmpty();
    }
}
