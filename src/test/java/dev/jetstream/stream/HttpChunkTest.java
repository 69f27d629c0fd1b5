package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpChunkTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536, 1 << 20})
    void a_chunk_is_its_length_in_hex_and_its_bytes_between_line_ends(int length) {
        String text = "x".repeat(length);
        String chunk = new String(HttpChunk.of(text), US_ASCII);
        assertThat(chunk).isEqualTo(Integer.toHexString(length) + "\r\n" + text + "\r\n");
        assertThat(HttpChunk.size(length)).isEqualTo(chunk.length());
    }

    @Test
    void silence_is_a_comment_line_or_an_empty_line_in_a_chunk_of_its_own() {
        Framing events = Framing.chunked(HttpStream.SERVER_SENT_EVENTS);
        Framing lines = Framing.chunked(HttpStream.NDJSON);
        assertThat(new String(events.keepAlive(), US_ASCII)).isEqualTo("2\r\n:\n\r\n");
        assertThat(new String(lines.keepAlive(), US_ASCII)).isEqualTo("1\r\n\n\r\n");
        assertThat(new String(events.end(1001, "going away"), US_ASCII)).isEqualTo("0\r\n\r\n");
    }
}
