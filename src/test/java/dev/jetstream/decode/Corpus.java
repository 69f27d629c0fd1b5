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
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Captured frames and what production sent for them, from a folder that need not be there. */
record Corpus(List<byte[]> frames, List<String> expected) {

    private static final Path FOLDER = Path.of(System.getProperty("jetstream.corpus", "../shared/corpus"));

    /** Reads the corpus; skips the test when there is none. */
    static Corpus load() throws IOException {
        Optional<Corpus> corpus = find();
        Assumptions.assumeTrue(
                corpus.isPresent(),
                "no captured frames in " + FOLDER.toAbsolutePath().normalize()
                        + ": name the folder with -Djetstream.corpus");
        return corpus.orElseThrow();
    }

    /** Reads the corpus; empty when there is none. */
    static Optional<Corpus> find() throws IOException {
        if (!Files.isReadable(FOLDER.resolve("frames.bin.zst"))) {
            return Optional.empty();
        }
        return Optional.of(new Corpus(
                frames(FOLDER.resolve("frames.bin.zst")),
                Files.readAllLines(FOLDER.resolve("expected_v1.jsonl"), UTF_8)));
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
