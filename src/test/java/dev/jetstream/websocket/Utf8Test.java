package dev.jetstream.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Utf8Test {
    /** Bytes at the edges of the ranges that matter, so that well-formed and nearly well-formed sequences are common. */
    @Provide
    Arbitrary<List<Byte>> edges() {
        return Arbitraries.of(
                        0x00, 0x61, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
                        0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF)
                .map(Integer::byteValue)
                .list()
                .ofMaxSize(6);
    }

    @Property(tries = 5_000)
    void it_agrees_with_the_decoder_of_the_platform_wherever_it_is_cut(
            @ForAll("edges") List<Byte> sequence, @ForAll int seed) {
        byte[] bytes = new byte[sequence.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = sequence.get(i);
        }
        int cut = Math.floorMod(seed, bytes.length + 1);
        Utf8 utf8 = new Utf8();
        boolean accepted = utf8.accepts(bytes, 0, cut) && utf8.accepts(bytes, cut, bytes.length) && utf8.isComplete();
        assertThat(accepted).isEqualTo(decodes(bytes));
    }

    private static boolean decodes(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
