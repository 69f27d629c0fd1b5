package dev.jetstream.journal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.event.RelaySeqs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {
    private static final String RELAY = "wss://relay.test/xrpc/com.atproto.sync.subscribeRepos";
    private static final JournalEnd END = new JournalEnd(7, 1_780_000_000_000_000L, 70, RelaySeqs.of(RELAY, 100), 7);
    private static final JournalEnd ADVANCED = END.with(RelaySeqs.of(RELAY, 12_345));

    @TempDir
    Path data;

    @Test
    void aPositionAppliesToTheBlockThatItFollows() {
        positions().write(ADVANCED);
        positions().write(ADVANCED);

        assertThat(positions().applyTo(END)).isEqualTo(ADVANCED);
    }

    @Test
    void aPositionIsIgnoredAfterAnotherBlock() {
        positions().write(ADVANCED);

        JournalEnd next = new JournalEnd(8, END.lastTimeUs() + 1, 71, RelaySeqs.of(RELAY, 99), 8);
        JournalEnd sameNumber = new JournalEnd(7, END.lastTimeUs() + 1, 70, RelaySeqs.of(RELAY, 99), 7);
        assertThat(positions().applyTo(next)).isEqualTo(next);
        assertThat(positions().applyTo(sameNumber)).isEqualTo(sameNumber);
    }

    @Test
    void aFileThatIsCutShortAnywhereOrForeignIsIgnored() throws Exception {
        positions().write(ADVANCED);
        Path file;
        try (var files = Files.list(data)) {
            file = files.toList().get(0);
        }
        byte[] whole = Files.readAllBytes(file);
        String text = Files.readString(file);
        int lastLine = text.strip().length();
        for (int length = 0; length < lastLine; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(positions().applyTo(END)).as("%d bytes", length).isEqualTo(END);
        }
        for (String foreign :
                List.of("\u0000".repeat(100), text.replace("12345", "many"), text.replace(" wss", "wss"))) {
            Files.writeString(file, foreign);
            assertThat(positions().applyTo(END)).as(foreign).isEqualTo(END);
        }
        Files.write(file, new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThat(positions().applyTo(END)).isEqualTo(END);
    }

    @Test
    void withoutADirectoryNothingIsKept() {
        new PositionFile(Optional.empty()).write(ADVANCED);

        assertThat(new PositionFile(Optional.empty()).applyTo(END)).isEqualTo(END);
        assertThat(data).isEmptyDirectory();
    }

    private PositionFile positions() {
        return new PositionFile(Optional.of(data));
    }
}
