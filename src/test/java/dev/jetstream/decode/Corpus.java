package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Captured frames and what production sent for them, from a folder that need not be there. */
record Corpus(List<byte[]> frames, List<String> expected) {

    /** Reads the corpus; skips the test when there is none. */
    static Corpus load() throws IOException {
        Path folder = Path.of(System.getProperty("jetstream.corpus", "../shared/corpus"));
        Assumptions.assumeTrue(
                Files.isReadable(folder.resolve("frames.bin.zst")),
                "no captured frames in " + folder.toAbsolutePath().normalize()
                        + ": name the folder with -Djetstream.corpus");
        return new Corpus(
                frames(folder.resolve("frames.bin.zst")),
                Files.readAllLines(folder.resolve("expected_v1.jsonl"), UTF_8));
    }

    private static List<byte[]> frames(Path file) throws IOException {
        byte[] all;
        try (ZstdInputStream in = new ZstdInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            all = in.readAllBytes();
        }
        ByteBuffer buffer = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> frames = new ArrayList<>();
        while (buffer.hasRemaining()) {
            byte[] frame = new byte[buffer.getInt()];
            buffer.get(frame);
            frames.add(frame);
        }
        return frames;
    }
}
