package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.upstream.FrameBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a relay says about the stream itself reaches the reader of the batch: errors and infos. */
class RelayWordsTest {
    private static final FrameDecoder DECODER = Decoded.decoder();

    private static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    private static byte[] error(Object... body) {
        return Frame.of(Frame.map("op", -1), Frame.map(body));
    }

    /** What the reader hears of one frame. */
    private static List<String> words(byte[] frame) {
        List<String> heard = new ArrayList<>();
        FrameBatch batch = Decoded.batch(frame).with(new FrameBatch.Reader() {
            @Override
            public void onError(String name, String message) {
                heard.add("error:" + name + ":" + message);
            }

            @Override
            public void onInfo(String name, String message) {
                heard.add("info:" + name + ":" + message);
            }

            @Override
            public void onDecoded(FrameBatch decoded, int frames) {}
        });
        DECODER.decode(batch).release();
        return heard;
    }

    @Test
    void anErrorIsReadWithItsWordsOnOneLine() {
        assertThat(words(error("error", "FutureCursor", "message", "Cursor in the future.\n")))
                .containsExactly("error:FutureCursor:Cursor in the future.");
    }

    @Test
    void anErrorWithATypeIsOneToo() {
        assertThat(words(Frame.of(Frame.map("t", "#commit", "op", -1), Frame.map("error", "E"))))
                .containsExactly("error:E:");
    }

    @Test
    void infoIsReadWithItsName() {
        assertThat(words(Frame.of(Frame.header("#info"), Frame.map("name", "OutdatedCursor", "other", 1.5))))
                .containsExactly("info:OutdatedCursor:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a1 62 6f 70 20", "a1 62 6f 70 20 ff ff", "a1 62 6f 70 20 a1 65 6572726f72 82 01 02"})
    void anErrorWhoseBodyIsMissingOrGarbageIsStillOne(String frame) {
        assertThat(words(hex(frame))).containsExactly("error::");
    }

    @Test
    void longWordsAreCutShort() {
        assertThat(words(error("error", "x".repeat(50_000), "message", "é".repeat(9_000))))
                .singleElement()
                .asString()
                .startsWith("error:xxx")
                .hasSizeLessThan(600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "a2", // a map that ends at once
                "a1 62 6f 70 3b 7f ff ff ff ff ff ff ff", // op is -2^63
                "a1 62 6f 70 1b ff ff ff ff ff ff ff ff", // op does not fit
                "a1 62 6f 70 c3 49 01 00 00 00 00 00 00 00 00", // op is a bignum
                "bb 7f ff ff ff ff ff ff ff 62 6f 70 20", // a map of 2^63 - 1 entries
                "a1 7b 7f ff ff ff ff ff ff ff 6f 70", // a key of 2^63 - 1 bytes
                "a2 61 74 5b ff ff ff ff ff ff ff ff 00", // bytes of 2^64 - 1
                "bf 62 6f 70 01 61 74 65 23 69 6e 66 6f", // an indefinite map that never ends
                "a1 ff 01", // a break for a key
                "82 01 02", // no map
            })
    void hostileHeadersSayNothing(String bytes) {
        assertThat(words(hex(bytes))).isEmpty();
    }

    @Test
    void deepNestingSaysNothing() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        assertThat(words(Cbor.concat(hex("a2 61 78"), deep))).isEmpty();
    }

    @Property(tries = 2_000)
    void wordsAreFitForALog(@ForAll @Size(max = 60) byte[] tail) {
        for (String said : words(Cbor.concat(hex("a1 62 6f 70 20 a2 65 6572726f72"), tail))) {
            assertThat(said.chars()).noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029');
        }
    }
}
