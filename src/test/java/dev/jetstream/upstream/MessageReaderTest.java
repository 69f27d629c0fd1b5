package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jetstream.upstream.UpstreamMetrics.End;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest extends MessageReaderFixture {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000, 1_000_000})
    void messages_of_all_sizes_come_out_as_they_went_in(int pieceBytes) throws IOException {
        int[] sizes = {
            0, 1, 125, 126, 127, 65_535, 65_536, BUFFER_BYTES - 4, BUFFER_BYTES - 3, BUFFER_BYTES, MAX_MESSAGE_BYTES, 5
        };
        for (int size : sizes) {
            binary(bytes(size, size));
        }
        assertThat(readAll(() -> pieceBytes).reason()).isEqualTo(End.DROPPED);
        assertThat(messages).hasSize(sizes.length);
        for (int i = 0; i < sizes.length; i++) {
            assertThat(messages.get(i)).isEqualTo(bytes(sizes[i], sizes[i]));
        }
    }

    @Test
    void what_one_read_brings_is_one_batch_of_just_its_bytes() throws IOException {
        binary(bytes(100, 1));
        binary(bytes(200, 2));
        stream.writeBytes(Arrays.copyOf(FrameHeader.frame(FrameHeader.BINARY, bytes(300, 3)), 50));
        MessageReader reader = reader();
        reader.start(ByteBuffer.allocate(0));
        FrameBatch batch = reader.next(new Pieces(() -> BUFFER_BYTES), CONNECTION);
        assertThat(batch.count()).isEqualTo(2);
        assertThat(batch.bytes()).hasSize(100 + 4 + 200);
        assertThat(batch.frameBytes(batch.count())).isEqualTo(300);
    }

    @Test
    void a_batch_is_bounded_in_frames() throws IOException {
        for (int i = 0; i < 3_000; i++) {
            binary(new byte[] {(byte) i});
        }
        readAll(() -> BUFFER_BYTES);
        assertThat(messages).hasSize(3_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000_000})
    void fragments_are_put_together_with_pings_answered_in_between(int pieceBytes) throws IOException {
        binary(bytes(10, 0));
        frame(FrameHeader.BINARY, false, bytes(30_000, 1));
        frame(FrameHeader.PING, true, new byte[] {9});
        frame(FrameHeader.CONTINUATION, false, new byte[0]);
        frame(FrameHeader.PONG, true, new byte[] {8});
        frame(FrameHeader.CONTINUATION, true, bytes(20_000, 2));
        binary(bytes(11, 3));
        readAll(() -> pieceBytes);
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(bytes(30_000, 1));
        whole.writeBytes(bytes(20_000, 2));
        assertThat(messages).containsExactly(bytes(10, 0), whole.toByteArray(), bytes(11, 3));
        assertThat(replies).hasSize(1);
        assertThat(unmasked(replies.get(0))).containsExactly(0x8A, 0x81, 9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000_000})
    void oversize_and_text_messages_are_skipped_and_told(int pieceBytes) throws IOException {
        binary(bytes(MAX_MESSAGE_BYTES + 1, 1));
        binary(bytes(1, 2));
        frame(FrameHeader.TEXT, true, bytes(40_000, 3));
        frame(FrameHeader.TEXT, false, bytes(4, 3));
        frame(FrameHeader.CONTINUATION, true, bytes(5, 3));
        frame(FrameHeader.TEXT, true, new byte[0]);
        frame(FrameHeader.BINARY, false, bytes(60_000, 4));
        frame(FrameHeader.CONTINUATION, false, bytes(60_000, 5));
        frame(FrameHeader.CONTINUATION, true, bytes(60_000, 6));
        binary(bytes(2, 7));
        readAll(() -> pieceBytes);
        assertThat(messages).containsExactly(bytes(1, 2), bytes(2, 7));
        assertThat(skipped)
                .containsExactly(
                        "OVERSIZE " + (MAX_MESSAGE_BYTES + 1), "TEXT 40000", "TEXT 9", "TEXT 0", "OVERSIZE 180000");
    }

    @Test
    void an_announced_terabyte_is_not_allocated() throws IOException {
        binary(bytes(3, 1));
        byte[] header = new byte[10];
        FrameHeader.write(header, 0, FrameHeader.BINARY, 1L << 40);
        stream.writeBytes(header);
        stream.writeBytes(new byte[100_000]);
        assertThat(readAll(() -> BUFFER_BYTES).reason()).isEqualTo(End.DROPPED);
        assertThat(messages).containsExactly(bytes(3, 1));
    }

    @ParameterizedTest
    @CsvSource({
        "82 81 01 02 03 04 05, masked",
        "C2 01 00, reserved",
        "92 01 00, reserved",
        "83 01 00, unknown opcode 3",
        "8B 00, unknown opcode 11",
        "09 00, control frame is fragmented",
        "89 7E 00 80, longer than 125",
        "80 01 00, continues nothing",
        "02 01 00 82 01 00, within another",
        "82 FF 80 00 00 00 00 00 00 01, masked",
        "82 7F 80 00 00 00 00 00 00 01, highest bit",
        "88 01 03, no valid code",
        "88 02 03 ED, no valid code",
    })
    void a_breach_of_the_protocol_ends_the_connection_after_the_messages_before_it(String hex, String words)
            throws IOException {
        binary(bytes(50, 1));
        stream.writeBytes(java.util.HexFormat.ofDelimiter(" ").parseHex(hex));
        binary(bytes(50, 2));
        ConnectionEnd end = readAll(() -> BUFFER_BYTES);
        assertThat(messages).containsExactly(bytes(50, 1));
        assertThat(end.reason()).isEqualTo(End.PROTOCOL);
        assertThat(end).hasMessageContaining(words);
        assertThat(unmasked(replies.get(0))).containsExactly(0x88, 0x82, 1002 >> 8, 1002 & 0xFF);
    }

    @Test
    void a_close_frame_ends_the_connection_and_is_answered() throws IOException {
        binary(bytes(50, 1));
        stream.writeBytes(CloseFrame.of(CloseFrame.GOING_AWAY, "so long\r\n"));
        binary(bytes(50, 2));
        ConnectionEnd end = readAll(() -> BUFFER_BYTES);
        assertThat(messages).containsExactly(bytes(50, 1));
        assertThat(end.reason()).isEqualTo(End.CLOSED);
        assertThat(end).hasMessage("the relay closed the connection: code=1001 reason=so long");
        assertThat(unmasked(replies.get(0))).startsWith(0x88);
    }

    @Test
    void of_pings_that_come_together_the_latest_is_answered() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            frame(FrameHeader.PING, true, new byte[] {(byte) i});
        }
        readAll(() -> BUFFER_BYTES);
        assertThat(replies).hasSize(1);
        assertThat(unmasked(replies.get(0))).containsExactly(0x8A, 0x81, 999 & 0xFF);
    }

    @Test
    void a_failing_socket_is_said() {
        Transport broken = new Transport() {
            @Override
            public int read(ByteBuffer to) throws IOException {
                throw new IOException("reset");
            }

            @Override
            public void write(ByteBuffer from) {
                throw new AssertionError("nothing to say");
            }
        };
        MessageReader reader = reader();
        reader.start(ByteBuffer.allocate(0));
        assertThat(catchThrowableOfType(IOException.class, () -> reader.next(broken, CONNECTION)))
                .hasMessage("reset");
    }

    @Test
    void a_new_connection_forgets_what_the_last_one_left_half_done() throws IOException {
        MessageReader reader = reader();
        frame(FrameHeader.BINARY, false, bytes(50_000, 1));
        readAll(reader, () -> 999);
        stream.reset();
        binary(bytes(60, 2));
        stream.writeBytes(new byte[] {(byte) 0x82});
        readAll(reader, () -> 999);
        stream.reset();
        binary(bytes(70, 3));
        readAll(reader, () -> 999);
        assertThat(messages).containsExactly(bytes(60, 2), bytes(70, 3));
    }
}
