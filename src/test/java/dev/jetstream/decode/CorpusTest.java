package dev.jetstream.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CorpusTest {

    @Test
    void capturedFramesGiveWhatProductionSentByteForByte() throws IOException {
        Corpus corpus = Corpus.load();

        Decoded decoded = Decoded.of(corpus.frames().toArray(byte[][]::new));

        assertThat(decoded.messages()).isEqualTo(masked(corpus.expected()));
        assertThat(decoded.drops()).isEmpty();
    }

    @Test
    void eachFrameAloneGivesTheSameAsAllTogether() throws IOException {
        Corpus corpus = Corpus.load();
        FrameDecoder decoder = Decoded.decoder();
        List<String> messages = new ArrayList<>();

        for (byte[] frame : corpus.frames()) {
            messages.addAll(Decoded.with(decoder, frame).messages());
        }

        assertThat(messages).isEqualTo(masked(corpus.expected()));
    }

    private static List<String> masked(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceFirst("\"time_us\":\\d+", "\"time_us\":0"))
                .toList();
    }
}
