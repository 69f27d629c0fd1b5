package dev.jetstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientMessagesTest extends ClientMessagesFixture {
    @Test
    void messages_come_whole_and_control_frames_between_their_fragments() {
        assertThat(read(
                        frame(0x01, "one, "),
                        frame(0x89, "p"),
                        frame(0x00, ""),
                        frame(0x8A, "pong"),
                        frame(0x80, "two"),
                        frame(0x82, new byte[] {-1, -2}),
                        frame(0x81, ""),
                        frame(0x88, new byte[0]),
                        frame(0x81, "after the end")))
                .containsExactly("ping p", "text one, two", "text ", "close 1005");
    }

    @Test
    void reading_stops_behind_a_text_message() {
        Told told = new Told();
        byte[] first = frame(0x81, "a");
        byte[] both = join(first, frame(0x81, "b"));
        ClientMessages frames = new ClientMessages(MAX, held, told);
        assertThat(frames.read(both, 0, both.length)).isEqualTo(first.length);
        assertThat(told.lines).containsExactly("text a");
    }

    @Test
    void a_code_point_may_be_cut_by_a_fragment_and_not_by_the_end() {
        byte[] text = "zł€𝄞".getBytes(StandardCharsets.UTF_8);
        for (int cut = 0; cut <= text.length; cut++) {
            byte[] first = java.util.Arrays.copyOf(text, cut);
            byte[] rest = java.util.Arrays.copyOfRange(text, cut, text.length);
            assertThat(read(frame(0x01, first), frame(0x80, rest))).containsExactly("text zł€𝄞");
        }
        assertThat(read(frame(0x81, java.util.Arrays.copyOf(text, text.length - 1))))
                .containsExactly("fault 1007 text is not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FF",
                "C0 80",
                "E0 80 80",
                "ED A0 80",
                "F0 80 80 80",
                "F4 90 80 80",
                "F5 80 80 80",
                "80",
                "61 C2 61"
            })
    void text_that_is_no_utf8_is_a_fault_before_the_message_is_whole(String hex) {
        assertThat(read(frame(0x01, bytes(hex)))).containsExactly("fault 1007 text is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "81 05, frame is not masked",
        "C1 80, reserved bits are set",
        "A1 80, reserved bits are set",
        "91 80, reserved bits are set",
        "83 80, unknown opcode 3",
        "87 80, unknown opcode 7",
        "8B 80, unknown opcode 11",
        "8F 80, unknown opcode 15",
        "09 80, control frame is fragmented",
        "89 FE, control frame is longer than 125 bytes",
        "88 FF, control frame is longer than 125 bytes",
        "80 80, continuation without a message",
        "00 80, continuation without a message",
        "81 FF FF FF FF FF FF FF FF FF 00 00 00 00, bad payload length",
        "81 FE 00 05 00 00 00 00, bad payload length",
        "81 FF 00 00 00 00 00 00 FF FF 00 00 00 00, bad payload length",
    })
    void what_breaks_the_framing_is_1002(String hex, String reason) {
        assertThat(read(bytes(hex))).containsExactly("fault 1002 " + reason);
        assertThat(read(frame(0x81, "good"), bytes(hex), frame(0x81, "never seen")))
                .containsExactly("text good", "fault 1002 " + reason);
    }

    @Test
    void a_new_message_inside_a_message_is_1002() {
        for (int opcode : new int[] {0x01, 0x81, 0x02, 0x82}) {
            assertThat(read(frame(0x01, "a"), frame(opcode, "b")))
                    .containsExactly("fault 1002 new message inside a message");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535})
    void a_close_code_that_nobody_may_send_is_1002(int code) {
        assertThat(read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code})))
                .containsExactly("fault 1002 bad close code");
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999})
    void a_good_close_code_is_told(int code) {
        assertThat(read(frame(0x88, new byte[] {(byte) (code >> 8), (byte) code, 'b', 'y', 'e'})))
                .containsExactly("close " + code);
    }

    @Test
    void a_close_frame_of_one_byte_or_with_a_bad_reason_is_a_fault() {
        assertThat(read(frame(0x88, new byte[] {3}))).containsExactly("fault 1002 bad close code");
        assertThat(read(frame(0x88, new byte[] {3, (byte) 0xE8, (byte) 0xC3})))
                .containsExactly("fault 1007 close reason is not UTF-8");
    }

    @Test
    void the_bound_holds_for_one_frame_and_for_the_sum_of_fragments_text_or_binary() {
        byte[] most = new byte[MAX];
        byte[] half = new byte[MAX / 2];
        for (int opcode : new int[] {1, 2}) {
            assertThat(read(frame(0x80 | opcode, most)).toString()).doesNotContain("fault");
            assertThat(read(frame(opcode, half), frame(0x80, half)).toString()).doesNotContain("fault");
            assertThat(read(frame(0x80 | opcode, new byte[MAX + 1])))
                    .containsExactly("fault 1009 message is larger than 1000 bytes");
            assertThat(read(frame(opcode, half), frame(0, half), frame(0x80, new byte[1])))
                    .containsExactly("fault 1009 message is larger than 1000 bytes");
        }
    }

    @Test
    void the_buffer_grows_with_what_came_and_all_connections_share_one_bound() {
        byte[] big = frame(0x01, new byte[900]);
        ClientMessages one = new ClientMessages(1_000_000, held, new Told());
        // A header that claims a million bytes costs nothing.
        byte[] claim = bytes("81 FF 00 00 00 00 00 0F 42 40 01 02 03 04");
        one.read(claim, 0, claim.length);
        assertThat(held.held()).isZero();
        List<ClientMessages> others = new ArrayList<>();
        Told told = new Told();
        for (int i = 0; i < 20; i++) {
            ClientMessages other = new ClientMessages(1_000_000, held, told);
            byte[] copy = big.clone();
            other.read(copy, 0, copy.length);
            others.add(other);
        }
        assertThat(told.lines).hasSizeBetween(9, 15).containsOnly("fault 1013 too many large messages at once");
        assertThat(held.held()).isLessThanOrEqualTo(10_000);
        others.forEach(ClientMessages::release);
        assertThat(held.held()).isZero();
    }

    @Test
    void a_message_that_was_told_counts_until_it_is_dealt_with() {
        ClientMessages frames = new ClientMessages(MAX, held, new Told());
        byte[] message = frame(0x81, new byte[900]);
        frames.read(message, 0, message.length);
        assertThat(held.held()).isEqualTo(900);
        frames.messageDone();
        assertThat(held.held()).isZero();
    }

    @Test
    void once_messages_are_ignored_only_the_close_frame_counts() {
        Told told = new Told();
        ClientMessages frames = new ClientMessages(MAX, held, told);
        byte[] before = frame(0x01, "half");
        frames.read(before, 0, before.length);
        frames.ignoreMessages();
        assertThat(held.held()).isZero();
        byte[] after = join(
                frame(0x80, new byte[] {-1, -1}),
                frame(0x89, "p"),
                frame(0x82, new byte[5_000]),
                frame(0x88, new byte[0]));
        assertThat(frames.read(after, 0, after.length)).isEqualTo(after.length);
        assertThat(told.lines).containsExactly("close 1005");
    }
}
