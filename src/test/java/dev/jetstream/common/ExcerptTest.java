package dev.jetstream.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void textOfTheRelayMakesNoLogLineOfItsOwn() {
        String forged = "gone\r\n2026-01-01T00:00:00Z ERROR forged\u001b[2J\u0085\u2028x";
        assertThat(Text.cut(forged))
                .startsWith("gone")
                .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029]");
    }

    @Test
    void longTextIsCutShort() {
        assertThat(Text.cut("x".repeat(1_000_000))).hasSizeLessThan(1_000);
    }
}
