package dev.jetstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.websocket.FrameParser.Found;
import dev.jetstream.websocket.FrameParser.Peer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameParserTest {
    private static final byte[] KEY = {1, 2, 3, 4};

    private static byte[] frame(Peer peer, int firstByte, byte[] payload) {
        byte[] plain = FrameHeader.frame(firstByte & 0xF, payload);
        plain[0] = (byte) firstByte;
        if (peer == Peer.SERVER) {
            return plain;
        }
        int header = plain.length - payload.length;
        byte[] out = new byte[plain.length + KEY.length];
        System.arraycopy(plain, 0, out, 0, header);
        out[1] |= (byte) 0x80;
        System.arraycopy(KEY, 0, out, header, KEY.length);
        System.arraycopy(payload, 0, out, header + KEY.length, payload.length);
        FrameHeader.unmask(out, header + KEY.length, out.length, KEY, 0, 0);
        return out;
    }

    private static byte[] frame(Peer peer, int firstByte, String payload) {
        return frame(peer, firstByte, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[]... frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] frame : frames) {
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    /** Every message, control frame and fault of a stream, one line each. */
    private static List<String> read(Peer peer, byte[] stream, Random sizes, boolean inBuffer) {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        FrameParser parser = new FrameParser(peer);
        byte[] bytes = stream.clone();
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        for (int at = 0, to = 0; at < bytes.length; ) {
            to = Math.max(at, Math.min(bytes.length, sizes == null ? bytes.length : to + 1 + sizes.nextInt(9)));
            Found found;
            do {
                found = inBuffer ? parser.next(buffer, at, to) : parser.next(bytes, at, to);
                at = parser.end();
                switch (found) {
                    case DATA -> {
                        for (int i = parser.start(); i < parser.end(); i++) {
                            message.write(inBuffer ? buffer.get(i) : bytes[i]);
                        }
                        if (parser.isFinal() && parser.remaining() == 0) {
                            assertThat(parser.messageBytes()).isEqualTo(message.size());
                            lines.add((parser.isText() ? "text " : "binary ")
                                    + message.toString(StandardCharsets.ISO_8859_1));
                            message.reset();
                        }
                    }
                    case PING, PONG ->
                        lines.add(found + " " + new String(parser.controlPayload(), StandardCharsets.UTF_8));
                    case CLOSE -> lines.add("close " + parser.closeCode());
                    case FAULT -> {
                        lines.add(parser.fault().code() + " " + parser.fault().reason());
                        return lines;
                    }
                    case HEADER, MORE -> {}
                }
            } while (found != Found.MORE);
        }
        return lines;
    }

    @Property(tries = 300)
    void anyCutGivesTheSameFramesInBothRoles(@ForAll long seed) {
        for (Peer peer : Peer.values()) {
            Random random = new Random(seed);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            int[] firstBytes = {0x81, 0x01, 0x00, 0x80, 0x82, 0x02, 0x89, 0x8A, 0x88};
            for (int i = random.nextInt(12); i > 0; i--) {
                int firstByte = firstBytes[random.nextInt(firstBytes.length)];
                byte[] payload = new byte[random.nextInt(firstByte >= 0x88 ? 126 : 400)];
                random.nextBytes(payload);
                stream.writeBytes(frame(peer, firstByte, payload));
            }
            List<String> whole = read(peer, stream.toByteArray(), null, false);
            assertThat(read(peer, stream.toByteArray(), new Random(seed), false))
                    .isEqualTo(whole);
            if (peer == Peer.SERVER) {
                assertThat(read(peer, stream.toByteArray(), new Random(seed), true))
                        .isEqualTo(whole);
            }
        }
    }

    @Test
    void fragmentsMakeAMessageAndControlFramesComeBetweenThem() {
        for (Peer peer : Peer.values()) {
            byte[] stream = join(
                    frame(peer, 0x01, "one, "),
                    frame(peer, 0x89, "p"),
                    frame(peer, 0x00, ""),
                    frame(peer, 0x8A, "q"),
                    frame(peer, 0x80, "two"),
                    frame(peer, 0x82, "three"),
                    frame(peer, 0x88, new byte[] {3, (byte) 0xE9, 'b', 'y', 'e'}));
            assertThat(read(peer, stream, null, false))
                    .containsExactly("PING p", "PONG q", "text one, two", "binary three", "close 1001");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SERVER, 8285, frame is masked",
        "CLIENT, 8205, frame is not masked",
        "SERVER, C200, reserved bits are set",
        "SERVER, 8300, unknown opcode 3",
        "SERVER, 8B00, unknown opcode 11",
        "SERVER, 0900, control frame is fragmented",
        "SERVER, 897E, control frame is longer than 125 bytes",
        "SERVER, 8000, continuation without a message",
        "SERVER, 02008200, new message inside a message",
        "SERVER, 827FFFFFFFFFFFFFFFFF, bad payload length",
        "CLIENT, 82FE000500000000, bad payload length",
        "SERVER, 880103, bad close code",
        "SERVER, 880203ED, bad close code",
    })
    void aBrokenRuleIs1002(Peer peer, String hex, String reason) {
        List<String> lines = read(peer, HexFormat.of().parseHex(hex), null, false);
        assertThat(lines.get(lines.size() - 1)).isEqualTo("1002 " + reason);
        assertThat(read(peer, HexFormat.of().parseHex(hex), new Random(1), false))
                .isEqualTo(lines);
    }

    @Test
    void theSumOfAMessagesHeadersIsKnownBeforeTheirPayloadsAndNeverOverflows() {
        FrameParser parser = new FrameParser(Peer.SERVER);
        byte[] stream = HexFormat.of().parseHex("020161" + "007F7FFFFFFFFFFFFFFF");
        assertThat(parser.next(stream, 0, stream.length)).isEqualTo(Found.HEADER);
        assertThat(parser.messageBytes()).isEqualTo(1);
        assertThat(parser.next(stream, parser.end(), stream.length)).isEqualTo(Found.DATA);
        assertThat(parser.next(stream, parser.end(), stream.length)).isEqualTo(Found.HEADER);
        assertThat(parser.messageBytes()).isEqualTo(Long.MAX_VALUE);
        assertThat(parser.remaining()).isEqualTo(Long.MAX_VALUE);
    }
}
