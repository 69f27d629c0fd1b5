package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jetstream.event.Connection;
import dev.jetstream.event.FrameBatch;
import dev.jetstream.metrics.UpstreamMetrics.End;
import dev.jetstream.metrics.UpstreamMetrics.Skipped;
import dev.jetstream.websocket.CloseFrame;
import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final int MAX_MESSAGE_BYTES = 100_000;
    private static final Connection CONNECTION = new Connection(1, false, "ws://relay.example/");

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private final List<byte[]> messages = new ArrayList<>();
    private final List<byte[]> replies = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** The stream's bytes, so many per read as the test says. */
    private final class Pieces implements Transport {
        private final byte[] bytes = stream.toByteArray();
        private final IntSupplier size;
        private int at;

        Pieces(IntSupplier size) {
            this.size = size;
        }

        @Override
        public int read(ByteBuffer to) {
            assertThat(to.hasRemaining()).isTrue();
            if (at == bytes.length) {
                return -1;
            }
            int n = Math.min(Math.min(size.getAsInt(), to.remaining()), bytes.length - at);
            to.put(bytes, at, n);
            at += n;
            return n;
        }

        @Override
        public void write(ByteBuffer from) {
            byte[] reply = new byte[from.remaining()];
            from.get(reply);
            replies.add(reply);
        }
    }

    private MessageReader reader() {
        return new MessageReader(
                BUFFER_BYTES, MAX_MESSAGE_BYTES, (Skipped why, long bytes) -> skipped.add(why + " " + bytes));
    }

    /** Reads to the end of the stream. */
    private ConnectionEnd readAll(IntSupplier pieceSize) throws IOException {
        return readAll(reader(), pieceSize);
    }

    private ConnectionEnd readAll(MessageReader reader, IntSupplier pieceSize) throws IOException {
        Transport relay = new Pieces(pieceSize);
        reader.start(ByteBuffer.allocate(0));
        while (true) {
            try {
                FrameBatch batch = reader.next(relay, CONNECTION);
                assertThat(batch.count()).isBetween(1, MessageReader.MAX_FRAMES);
                assertThat(batch.connection()).isSameAs(CONNECTION);
                for (int i = 0; i < batch.count(); i++) {
                    messages.add(Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i)));
                }
            } catch (ConnectionEnd end) {
                return end;
            }
        }
    }

    private static byte[] bytes(int length, int seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private void frame(int opcode, boolean isFinal, byte[] payload) {
        byte[] frame = FrameHeader.frame(opcode, payload);
        if (!isFinal) {
            frame[0] &= 0x7F;
        }
        stream.writeBytes(frame);
    }

    private void binary(byte[] payload) {
        frame(FrameHeader.BINARY, true, payload);
    }

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
        assertThat(batch.frameBytes()).isEqualTo(300);
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

    /** First two bytes of a client's frame as they are, then its payload in the clear. */
    private static int[] unmasked(byte[] frame) {
        byte[] payload = Arrays.copyOfRange(frame, 6, frame.length);
        FrameHeader.unmask(payload, 0, payload.length, frame, 2, 0);
        int[] out = new int[2 + payload.length];
        out[0] = frame[0] & 0xFF;
        out[1] = frame[1] & 0xFF;
        for (int i = 0; i < payload.length; i++) {
            out[2 + i] = payload[i] & 0xFF;
        }
        return out;
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

    /** The same traffic, cut at random and in one piece: the same messages, skips and end. */
    @Property(tries = 100)
    void any_split_of_the_stream_into_reads_gives_the_same_messages(@ForAll long seed) throws IOException {
        stream.reset();
        messages.clear();
        skipped.clear();
        Random random = new Random(seed);
        randomTraffic(random);
        ConnectionEnd whole = readAll(() -> Integer.MAX_VALUE);
        List<byte[]> expected = List.copyOf(messages);
        List<String> expectedSkips = List.copyOf(skipped);
        messages.clear();
        skipped.clear();
        int most = 1 + random.nextInt(random.nextBoolean() ? 20 : 50_000);
        ConnectionEnd cut = readAll(() -> 1 + random.nextInt(most));
        assertThat(messages).containsExactlyElementsOf(expected);
        assertThat(skipped).isEqualTo(expectedSkips);
        assertThat(cut.getMessage()).isEqualTo(whole.getMessage());
        assertThat(expected).containsExactlyElementsOf(naive(stream.toByteArray()));
    }

    private void randomTraffic(Random random) {
        int frames = random.nextInt(60);
        for (int i = 0; i < frames; i++) {
            int kind = random.nextInt(20);
            if (kind < 12) {
                binary(bytes(random.nextInt(random.nextInt(10) == 0 ? 120_000 : 6_000), i));
            } else if (kind < 14) {
                frame(FrameHeader.PING, true, bytes(random.nextInt(126), i));
            } else if (kind < 15) {
                frame(FrameHeader.TEXT, true, bytes(random.nextInt(20_000), i));
            } else if (kind < 19) {
                int parts = 2 + random.nextInt(4);
                for (int p = 0; p < parts; p++) {
                    int opcode = p == 0 ? FrameHeader.BINARY : FrameHeader.CONTINUATION;
                    frame(opcode, p == parts - 1, bytes(random.nextInt(40_000), i * 7 + p));
                    if (random.nextInt(3) == 0) {
                        frame(FrameHeader.PONG, true, bytes(random.nextInt(126), p));
                    }
                }
            } else if (random.nextInt(10) == 0) {
                stream.writeBytes(bytes(30, i));
            }
        }
    }

    /** The binary messages of a stream, found the simple way, with everything in memory. */
    private static List<byte[]> naive(byte[] all) {
        List<byte[]> found = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        int opcodeOfMessage = -1;
        int at = 0;
        while (all.length - at >= 2) {
            int opcode = FrameHeader.opcode(all, at);
            boolean isControl = opcode >= 8;
            int headerLength = FrameHeader.length(all, at, all.length);
            boolean good = FrameHeader.reserved(all, at) == 0
                    && !FrameHeader.isMasked(all, at)
                    && (isControl
                            ? opcode <= 10 && FrameHeader.isFinal(all, at) && (all[at + 1] & 0x7F) <= 125
                            : opcode == (opcodeOfMessage < 0 ? Math.max(1, opcode) : 0) && opcode <= 2);
            if (!good || at + headerLength > all.length) {
                return found;
            }
            long length = FrameHeader.payloadLength(all, at);
            if (length < 0 || length > all.length - at - headerLength || opcode == FrameHeader.CLOSE) {
                return found;
            }
            if (!isControl) {
                opcodeOfMessage = opcodeOfMessage < 0 ? opcode : opcodeOfMessage;
                message.write(all, at + headerLength, (int) length);
                if (FrameHeader.isFinal(all, at)) {
                    if (opcodeOfMessage == FrameHeader.BINARY && message.size() <= MAX_MESSAGE_BYTES) {
                        found.add(message.toByteArray());
                    }
                    message.reset();
                    opcodeOfMessage = -1;
                }
            }
            at += headerLength + (int) length;
        }
        return found;
    }
}
