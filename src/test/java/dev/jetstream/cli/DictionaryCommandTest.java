package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import dev.jetstream.app.ZstdDictionary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DictionaryCommandTest {
    private static final byte[] PAGE = "<html>not a dictionary</html>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("dictionary");
    }

    /** The official dictionary, if it is beside this project. */
    private static byte[] official() throws IOException {
        Path folder = Path.of(System.getProperty("jetstream.zstd", "../shared/zstd"));
        if (Files.isDirectory(folder)) {
            try (var files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    byte[] bytes = Files.readAllBytes(file);
                    if (ZstdDictionary.sha256(bytes).equals(ZstdDictionary.OFFICIAL_SHA_256)) {
                        return bytes;
                    }
                }
            }
        }
        assumeTrue(false, "skipped: the official dictionary is not in " + folder);
        return null;
    }

    @Test
    void recognizesTheZstdDictionary() throws IOException {
        Files.write(file(), official());
        Program check = Program.run("dictionary", "check", file().toString());
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("id        1612007021", "result    the official dictionary");
    }

    @Test
    void recognizesOtherFiles() throws IOException {
        Files.write(file(), PAGE);
        Program page = Program.run("dictionary", "check", file().toString());
        assertThat(page.code()).isEqualTo(1);
        assertThat(page.out()).contains("id        none", "result    not a zstd dictionary");

        byte[][] samples = new byte[2_000][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = ("{\"did\":\"did:plc:" + i + "\",\"time_us\":" + i * 31 + ",\"kind\":\"commit\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        byte[] own = new byte[4_096];
        long size = Zstd.trainFromBuffer(samples, own);
        Files.write(file(), Arrays.copyOf(own, (int) size));
        Program other = Program.run("dictionary", "check", file().toString());
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).contains("result    a zstd dictionary, but not the official one (id 1612007021)");

        Program missing =
                Program.run("dictionary", "check", directory.resolve("none").toString());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no such file").hasLineCount(1);
    }
}
