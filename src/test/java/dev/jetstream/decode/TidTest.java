package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TidTest {
    private static long number(String text) {
        return Timestamps.tid(text.getBytes(ISO_8859_1), 0, text.length());
    }

    @org.junit.jupiter.api.Test
    void ordersAsTheTextDoes() {
        assertThat(number("2222222222222")).isZero();
        assertThat(number("2222222222223")).isEqualTo(1);
        assertThat(number("3jzfcijpj2z2a")).isBetween(number("3jzfcijpj2z27"), number("3jzfcijpj2z2b"));
        assertThat(number("3jzfcijpj2z2a") >> 10).isBetween(1_600_000_000_000_000L, 1_800_000_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3l",
                "3jzfcijpj2z2",
                "3jzfcijpj2z2aa",
                "zzzzzzzzzzzzz",
                "3jzfcijpj2z21",
                "3jzfcijpj2z2\u00e4"
            })
    void otherTextIsInvalid(String text) {
        assertThat(number(text)).isZero();
    }
}
