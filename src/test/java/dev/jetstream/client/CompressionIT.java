package dev.jetstream.client;

import static dev.jetstream.client.Lines.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDictTrainer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class CompressionIT {
    @Test
    void decodesFramesWithADictionaryAndFramesWithout() {
        decodes(trained());
    }

    @Test
    void decodesFramesMadeWithTheOfficialDictionary() throws IOException {
        Path file = Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"), "zstd_dictionary");
        assumeTrue(Files.exists(file), "the official dictionary is not at " + file);
        decodes(Files.readAllBytes(file));
    }

    private static void decodes(byte[] dictionary) {
        ScriptedServer.Script script = peer -> {
            peer.upgrade()
                    .binary(frame(create(1), dictionary, true))
                    .binary(frame(create(2), null, true))
                    .binary(frame(create(3), dictionary, false))
                    .binary("no zstd".getBytes(StandardCharsets.UTF_8))
                    .binary(frame("z".repeat(100_000), null, true))
                    .binary(frame("z".repeat(100_000), dictionary, false))
                    .binary(frame(create(4), null, false));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream = Jetstream.create(ReconnectIT.fast(server)
                        .dictionary(dictionary)
                        .maxReceivedBytes(50_000)
                        .build())) {
            assertThat(Collector.of(jetstream.lines()).take(4))
                    .containsExactly(
                            new EventLine(1, create(1)),
                            new EventLine(2, create(2)),
                            new EventLine(3, create(3)),
                            new EventLine(4, create(4)));
            assertThat(server.requests()).containsExactly("/subscribe?compress=true");
            assertThat(jetstream.stats().malformed()).isEqualTo(1);
            assertThat(jetstream.stats().oversized()).isEqualTo(2);
        }
    }

    @Test
    void aFrameOfADictionaryThatWasNotGivenEndsTheStreamNamingIt() {
        byte[] dictionary = trained();
        ScriptedServer.Script script = peer -> {
            peer.upgrade().binary(frame(create(1), dictionary, true));
            peer.drain();
        };
        try (ScriptedServer server = new ScriptedServer(script);
                Jetstream jetstream =
                        Jetstream.create(ReconnectIT.fast(server).compress(true).build())) {
            Throwable failure = Collector.of(jetstream.lines()).failure();
            assertThat(failure)
                    .isInstanceOf(JetstreamException.class)
                    .hasMessageContaining("dictionary " + Zstd.getDictIdFromDict(dictionary) + ", and none was given");
            assertThat(((JetstreamException) failure).reason()).isEqualTo(JetstreamException.Reason.DICTIONARY);
        }
    }

    @Test
    void aFileThatIsNoDictionaryIsRefused() {
        assertThatThrownBy(() -> JetstreamOptions.builder("ws://localhost").dictionary(new byte[100]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a zstd dictionary");
    }

    private static byte[] frame(String text, byte[] dictionary, boolean contentSize) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setContentSize(contentSize);
            if (dictionary != null) {
                context.loadDict(dictionary);
            }
            return context.compress(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static byte[] trained() {
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 4 << 10);
        for (int i = 0; i < 2_000; i++) {
            trainer.addSample(create(1_700_000_000_000_000L + i * 977L).getBytes(StandardCharsets.UTF_8));
        }
        return trainer.trainSamples();
    }
}
