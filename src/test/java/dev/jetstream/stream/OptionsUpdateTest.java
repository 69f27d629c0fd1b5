package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.EventKind;
import dev.jetstream.stream.EventStream.ClientMessage;
import java.util.EnumSet;
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
        ClientMessage update = OptionsUpdateReader.read(message.getBytes(UTF_8), EnumSet.allOf(EventKind.class));
        assertThat(((ClientMessage.Update) update).filter().maxMessageBytes()).isEqualTo(limit);
    }
}
