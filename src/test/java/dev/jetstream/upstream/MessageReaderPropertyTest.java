package dev.jetstream.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** However the bytes come, the messages are those that a naive reader of the whole stream finds. */
class MessageReaderPropertyTest extends MessageReaderFixture {
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
