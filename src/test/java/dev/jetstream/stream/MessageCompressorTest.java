package dev.jetstream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import dev.jetstream.event.Blocks;
import dev.jetstream.event.Frames;
import dev.jetstream.stream.V1Stream.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageCompressorTest {
    private static final long OFFICIAL_ID = 1_612_007_021L;

    private static List<byte[]> compress(byte[] dictionary, List<Blocks.Event> events) {
        V1Stream forms = new V1Stream(new MessageCompressor(dictionary, 1), Format.V1);
        Frames frames = Blocks.of(1, 0, 1_780_000_000_000_000L, events).frames(forms.encoding(Format.V1, true));
        return Blocks.payloads(frames.bytes(), 0, frames.bytes().length);
    }

    private static byte[] official() throws IOException {
        Path file = Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"), "zstd_dictionary");
        assumeTrue(Files.exists(file), "the official dictionary is not at " + file);
        return Files.readAllBytes(file);
    }

    @Test
    void withoutADictionaryEveryClientDecodes() {
        Blocks.Event event = Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", "hello".repeat(50));
        byte[] frame = compress(new byte[0], List.of(event)).get(0);
        assertThat(Zstd.getDictIdFromFrame(frame)).isZero();
        assertThat(new String(Zstds.decompress(frame, null), UTF_8)).isEqualTo(event.json(1_780_000_000_000_000L));
    }

    @Test
    void framesCarryTheOfficialDictionarysIdAndTheContentSize() throws IOException {
        byte[] dictionary = official();
        Blocks.Event event = Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", "hello".repeat(50));
        byte[] frame = compress(dictionary, List.of(event)).get(0);
        String json = event.json(1_780_000_000_000_000L);
        assertThat(Zstd.getDictIdFromFrame(frame)).isEqualTo(OFFICIAL_ID);
        assertThat(Zstd.getFrameContentSize(frame)).isEqualTo(json.length());
        assertThat(new String(Zstds.decompress(frame, dictionary), UTF_8)).isEqualTo(json);
    }

    @Test
    void theWindowOfALargeMessageIsAtMost128KiB() throws IOException {
        for (byte[] dictionary : List.of(new byte[0], official())) {
            for (int size : List.of(10, 100_000, 131_000, 140_000, 1_000_000, 3_000_000)) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; text.length() < size; i++) {
                    text.append(Integer.toString(i * 7919, 36));
                }
                Blocks.Event event = Blocks.Event.commit("did:plc:a", "app.bsky.feed.post", text.toString());
                byte[] frame = compress(dictionary, List.of(event)).get(0);
                assertThat(window(frame)).as("window at %d bytes", size).isLessThanOrEqualTo(128 * 1024 + 0L);
                assertThat(new String(Zstds.decompress(frame, dictionary.length == 0 ? null : dictionary), UTF_8))
                        .isEqualTo(event.json(1_780_000_000_000_000L));
            }
        }
    }

    /** The window that a frame's header asks for (RFC 8878, section 3.1.1.1). */
    private static long window(byte[] frame) {
        boolean singleSegment = (frame[4] & 0x20) != 0;
        if (singleSegment) {
            return Zstd.getFrameContentSize(frame);
        }
        int exponent = (frame[5] & 0xFF) >> 3;
        int mantissa = frame[5] & 7;
        long base = 1L << 10 + exponent;
        return base + base / 8 * mantissa;
    }
}
