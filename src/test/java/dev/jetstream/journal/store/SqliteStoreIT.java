package dev.jetstream.journal.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.journal.TestJournal;
import dev.jetstream.journal.codec.Blocks;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreIT {
    @TempDir
    Path directory;

    private long logBytes() {
        return directory.resolve("journal.sqlite-wal").toFile().length();
    }

    private static void write(TestJournal journal, long from, long to) {
        journal.write(LongStream.rangeClosed(from, to)
                .mapToObj(number -> Blocks.block(number, 2, 1000))
                .toList());
    }

    @Test
    void theWriteAheadLogStaysShortAtAQuietPace() {
        try (TestJournal journal = TestJournal.open(directory)) {
            write(journal, 1, 1_000);
            assertThat(logBytes()).isPositive().isLessThan(1 << 20);
        }
        assertThat(logBytes()).isZero();
    }
}
