package dev.jetstream.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.websocket.FrameHeader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However the bytes are cut, the messages are those that a naive reader of whole frames finds. */
class ClientMessagesPropertyTest extends ClientMessagesFixture {
    /** A frame, well formed by itself; a stream of them may still break a rule. */
    private record Sent(int firstByte, byte[] payload) {}

    @Provide
    Arbitrary<List<Sent>> streams() {
        Arbitrary<Integer> firsts = Arbitraries.of(0x81, 0x01, 0x80, 0x00, 0x82, 0x02, 0x89, 0x8A, 0x81, 0x89);
        Arbitrary<byte[]> payloads =
                Arbitraries.strings().ofMaxLength(40).map(text -> text.getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> long126 = Arbitraries.integers()
                .between(120, 400)
                .map(size -> "a".repeat(size).getBytes(StandardCharsets.UTF_8));
        return Combinators.combine(firsts, Arbitraries.oneOf(payloads, long126))
                .as((first, payload) -> new Sent(first, first >= 0x88 && payload.length > 125 ? new byte[0] : payload))
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 500)
    void any_cut_gives_the_same_messages(@ForAll("streams") List<Sent> sent, @ForAll long seed) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        sent.forEach(one -> stream.writeBytes(frame(one.firstByte, one.payload)));
        List<String> expected = naive(sent);
        assertThat(read(stream.toByteArray(), null)).isEqualTo(expected);
        assertThat(read(stream.toByteArray(), new Random(seed))).isEqualTo(expected);
    }

    private static List<String> naive(List<Sent> sent) {
        List<String> told = new ArrayList<>();
        ByteArrayOutputStream message = null;
        boolean isText = false;
        for (Sent one : sent) {
            int opcode = one.firstByte & 0xF;
            boolean isFinal = one.firstByte >= 0x80;
            if (opcode == FrameHeader.PING) {
                told.add("ping " + new String(one.payload, StandardCharsets.ISO_8859_1));
            } else if (opcode <= FrameHeader.BINARY) {
                if ((opcode == 0) != (message != null)) {
                    told.add("fault 1002 "
                            + (opcode == 0 ? "continuation without a message" : "new message inside a message"));
                    return told;
                }
                if (opcode != 0) {
                    message = new ByteArrayOutputStream();
                    isText = opcode == FrameHeader.TEXT;
                }
                message.writeBytes(one.payload);
                if (message.size() > MAX) {
                    told.add("fault 1009 message is larger than 1000 bytes");
                    return told;
                }
                if (isFinal) {
                    if (isText) {
                        told.add("text " + message.toString(StandardCharsets.UTF_8));
                    }
                    message = null;
                }
            }
        }
        return told;
    }
}
