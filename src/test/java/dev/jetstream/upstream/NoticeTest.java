package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoticeTest {
    private static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    private static boolean isUsual(byte[] frame) {
        // Bytes around the frame must not be looked at.
        byte[] wide = new byte[frame.length + 2];
        System.arraycopy(frame, 0, wide, 1, frame.length);
        return Notice.isUsual(wide, 1, frame.length + 1);
    }

    private static Optional<Notice> read(byte[] frame) {
        return Notice.read(frame, 0, frame.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#commit", "#sync", "#identity", "#account", "#something-new"})
    void frames_of_repositories_are_usual_in_either_order_of_keys(String type) {
        String t = "61 74" + HexFormat.of().formatHex(new byte[] {(byte) (0x60 + type.length())})
                + HexFormat.of().formatHex(type.getBytes(StandardCharsets.UTF_8));
        assertThat(isUsual(hex("a2", t, "62 6f 70 01", "a0 00 00 00 00 00"))).isTrue();
        assertThat(isUsual(hex("a2", "62 6f 70 01", t, "a0 00 00 00 00 00"))).isTrue();
        assertThat(isUsual(hex("a2", t, "62 6f 70 20", "a0 00 00 00 00 00"))).isFalse();
        assertThat(isUsual(hex("a2", "62 6f 70 20", t, "a0 00 00 00 00 00"))).isFalse();
    }

    @Test
    void an_error_frame_is_read_with_its_words() {
        byte[] frame = Frames.error("FutureCursor", "Cursor in the future.\n");
        assertThat(isUsual(frame)).isFalse();
        assertThat(read(frame)).contains(new Notice(true, "FutureCursor", "Cursor in the future."));
    }

    @Test
    void an_error_frame_with_a_type_is_one_too() {
        assertThat(read(Frames.frame(Map.of("t", "#commit"), -1, Map.of("error", "E"))))
                .contains(new Notice(true, "E", ""));
    }

    @Test
    void info_is_read_with_its_name() {
        assertThat(isUsual(Frames.info("OutdatedCursor"))).isFalse();
        assertThat(read(Frames.info("OutdatedCursor"))).contains(new Notice(false, "OutdatedCursor", ""));
    }

    @Test
    void an_error_frame_whose_body_is_missing_or_garbage_is_still_an_error() {
        assertThat(read(hex("a1 62 6f 70 20"))).contains(new Notice(true, "", ""));
        assertThat(read(hex("a1 62 6f 70 20 ff ff"))).contains(new Notice(true, "", ""));
        assertThat(read(hex("a1 62 6f 70 20 a1 65 6572726f72 82 01 02"))).contains(new Notice(true, "", ""));
    }

    @Test
    void long_words_are_cut_short() {
        Notice notice =
                read(Frames.error("x".repeat(50_000), "y".repeat(9_000))).orElseThrow();
        assertThat(notice.name()).hasSizeLessThan(300).startsWith("xxx");
        assertThat(notice.message()).hasSizeLessThan(300);
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
    void hostile_headers_are_no_notice_and_no_failure(String bytes) {
        assertThat(isUsual(hex(bytes))).isFalse();
        assertThat(read(hex(bytes))).isEmpty();
    }

    @Test
    void deep_nesting_is_no_failure() {
        ByteArrayOutputStream deep = new ByteArrayOutputStream();
        deep.writeBytes(hex("a2 61 78"));
        byte[] arrays = new byte[100_000];
        Arrays.fill(arrays, (byte) 0x81);
        deep.writeBytes(arrays);
        assertThat(read(deep.toByteArray())).isEmpty();
    }

    @Property(tries = 2_000)
    void no_bytes_make_it_fail(@ForAll @Size(max = 60) byte[] frame) {
        isUsual(frame);
        assertThat(read(frame)).isNotNull();
    }

    @Property(tries = 2_000)
    void what_passes_as_usual_is_no_notice(@ForAll @Size(min = 12, max = 40) byte[] tail) {
        byte[] frame = Arrays.copyOf(hex("a2 61 74"), 3 + tail.length);
        System.arraycopy(tail, 0, frame, 3, tail.length);
        frame[3] = (byte) (0x60 + (tail[0] & 7));
        frame[4] = '#';
        int op = 4 + (tail[0] & 7);
        System.arraycopy(hex("62 6f 70 01"), 0, frame, Math.min(op, frame.length - 4), 4);
        if (isUsual(frame)) {
            assertThat(read(frame)).isEmpty();
        }
    }
}
