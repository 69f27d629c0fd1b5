package dev.jetstream.subscriber;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsUpdateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"maxSize\":500} | 500",
                "{\"MAXSIZE\":500} | 500",
                "{\"maxSize\":500,\"maxMessageSizeBytes\":600} | 600",
                "{\"maxMessageSizeBytes\":0,\"maxSize\":500} | 0",
                "{\"maxMessageSizeBytes\":null,\"maxSize\":500} | 500",
                "{\"maxSize\":-1} | 0",
            })
    void maxSizeCountsWhereMaxMessageSizeBytesIsNotGiven(String payload, long limit) {
        String message = "{\"type\":\"options_update\",\"payload\":" + payload + "}";
        OptionsUpdate update = OptionsUpdate.read(message.getBytes(UTF_8));
        assertThat(((OptionsUpdate.Update) update).options().filter().maxMessageBytes())
                .isEqualTo(limit);
    }
}
