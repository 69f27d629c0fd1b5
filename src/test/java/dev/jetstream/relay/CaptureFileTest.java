package dev.jetstream.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureFileTest {
    private static final byte[] TWO_RECORDS = {2, 0, 0, 0, 7, 8, 1, 0, 0, 0, 9};

    @TempDir
    Path folder;

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    @Test
    void recordsAreReadPlainAndCompressedWhateverTheName() throws IOException {
        assertThat(CaptureFile.read(file("plain", TWO_RECORDS))).containsExactly(new byte[] {7, 8}, new byte[] {9});
        byte[] compressed = Zstd.compress(TWO_RECORDS);
        assertThat(CaptureFile.read(file("c.bin.zst", compressed))).hasSize(2);
        assertThat(CaptureFile.read(file("unnamed", compressed))).hasSize(2);
    }

    @Test
    void everyFaultIsOneSentenceThatNamesTheFileAndThePlace() throws IOException {
        fails("empty", new byte[0], "holds no frames: it is empty");
        fails("empty.zst", Zstd.compress(new byte[0]), "holds no frames: it is empty");
        fails("head", Arrays.copyOf(TWO_RECORDS, 8), "ends within the length of the record at offset 6");
        fails("body", Arrays.copyOf(TWO_RECORDS, 5), "ends within the record at offset 0: 1 of 2 bytes are there");
        fails("not.zst", TWO_RECORDS, "is named .zst, but is not zstd");
        fails("text", "This is a text".getBytes(), "the record at offset 0 says 1936287828 bytes");
        fails("negative", new byte[] {-1, -1, -1, -1, 0}, "the record at offset 0 says 4294967295 bytes");
        fails("zero", new byte[] {0, 0, 0, 0}, "the record at offset 0 says 0 bytes");
        byte[] compressed = Zstd.compress(new byte[] {100, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
        fails("cut.zst", Arrays.copyOf(compressed, compressed.length - 3), "is damaged at offset 0");
    }

    private void fails(String name, byte[] content, String reason) throws IOException {
        Path file = file(name, content);
        assertThatThrownBy(() -> CaptureFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void aMissingFileAndADirectoryAreNamed() {
        assertThatThrownBy(() -> CaptureFile.read(folder.resolve("none")))
                .hasMessage(folder.resolve("none") + " does not exist");
        assertThatThrownBy(() -> CaptureFile.read(folder)).hasMessageContaining("is a directory");
    }

    @Test
    void recordsThatAreNoFramesAreNoCapture() throws IOException {
        Path file = file("other", TWO_RECORDS);
        assertThatThrownBy(() -> ReplaySource.open(file, false, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none of its 2 records has a seq");
    }
}
