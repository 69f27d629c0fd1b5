package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.app.Server;
import dev.jetstream.client.Jetstream;
import dev.jetstream.client.JetstreamOptions;
import dev.jetstream.config.ConfigLoader;
import dev.jetstream.config.Inputs;
import dev.jetstream.relay.RelayOptions;
import dev.jetstream.relay.RelayServer;
import dev.jetstream.relay.SyntheticOptions;
import dev.jetstream.relay.SyntheticSource;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code journal check} on what a server has written, and on that with damage done to it. */
@Timeout(120)
class JournalCheckCommandIT {
    private static final int EVENTS = 3_000;
    private static final int PAGE_BYTES = 8_192;

    @TempDir
    private static Path written;

    @TempDir
    private Path copy;

    @BeforeAll
    static void writeAJournal() throws Exception {
        try (RelayServer relay = RelayServer.start(
                        SyntheticSource.create(
                                SyntheticOptions.defaults().withRate(0).withLimit(EVENTS)),
                        RelayOptions.anyPort());
                Server server = server(written, relay)) {
            awaitEvents(server);
            Program inUse = Program.run("journal", "check", "--data-dir", written.toString());
            assertThat(inUse.code()).isEqualTo(1);
            assertThat(inUse.err())
                    .startsWith("jetstream: data directory " + written + " is in use")
                    .hasLineCount(1);
        }
    }

    private static Server server(Path directory, RelayServer relay) throws Exception {
        return Server.start(ConfigLoader.load(Inputs.none()
                .with("--listen-addr", "127.0.0.1:0")
                .with("--metrics-listen-addr", "127.0.0.1:0")
                .with("--data-dir", directory.toString())
                .with("--ws-url", relay.uri().toString())));
    }

    private static void awaitEvents(Server server) throws InterruptedException {
        String url = "ws://127.0.0.1:" + server.httpAddress().getPort();
        AtomicInteger left = new AtomicInteger(EVENTS);
        try (Jetstream jetstream =
                Jetstream.create(JetstreamOptions.builder(url).cursor(0).build())) {
            jetstream.forEach(event -> {
                if (left.decrementAndGet() == 0) {
                    throw new CancellationException();
                }
            });
        } catch (CancellationException e) {
            assertThat(left.get()).isZero();
        }
    }

    @BeforeEach
    void copyIt() throws Exception {
        Files.copy(written.resolve("journal.sqlite"), file(), StandardCopyOption.REPLACE_EXISTING);
    }

    private Path file() {
        return copy.resolve("journal.sqlite");
    }

    private Program check() {
        return Program.run("journal", "check", "--data-dir", copy.toString());
    }

    private void sql(String statement) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement jdbc = connection.createStatement()) {
            jdbc.execute(statement);
        }
    }

    @Test
    void aWholeJournalIsToldWithWhatItHolds() {
        Program check = check();
        assertThat(check.err()).isEmpty();
        assertThat(check.out())
                .startsWith("journal   " + copy)
                .containsPattern("(?m)^blocks    [\\d,]+ \\(1 to \\d+\\), [\\d,]+ bytes$")
                .containsPattern("(?m)^events    \\d,\\d{3}$")
                .containsPattern("(?m)^oldest    \\d{16} \\(20\\d\\d-.+Z\\)$")
                .containsPattern("(?m)^newest    \\d{16} \\(20\\d\\d-.+Z\\)$")
                .endsWith("result    whole" + System.lineSeparator());
        assertThat(check.code()).isZero();
    }

    @Test
    void damagedAndMissingBlocksAreNamed() throws Exception {
        sql("UPDATE event_journal SET event_payload = x'4a01000000000000' WHERE sequence_number = 2");
        sql("DELETE FROM event_journal WHERE sequence_number = 3");
        Program check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .contains("damage    block 2 cannot be read: ", "damage    block 3 missing")
                .contains("result    damaged; jetstream.journal.on-damage = skip serves the rest");
    }

    @Test
    void aFileOfWhichNothingIsLeftIsSaidToBeSo() throws Exception {
        try (RandomAccessFile pages = new RandomAccessFile(file().toFile(), "rw")) {
            for (long at = 2 * PAGE_BYTES; at < pages.length(); at += PAGE_BYTES) {
                pages.seek(at);
                pages.write(new byte[PAGE_BYTES]);
            }
        }
        Program check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out())
                .contains("damage    blocks from 1 on cannot be read: ", "damage    database: ")
                .contains("result    damaged, and no block can be read; restore a backup, or move it away");
    }

    @Test
    void aTruncatedFileIsOneSentence() throws Exception {
        try (RandomAccessFile pages = new RandomAccessFile(file().toFile(), "rw")) {
            pages.setLength(pages.length() / 2);
        }
        assertThatItFailsInOneSentence(check());
    }

    @Test
    void aFileOfSomethingElseIsOneSentence() throws Exception {
        Files.writeString(file(), "no journal at all".repeat(1_000));
        assertThatItFailsInOneSentence(check());
    }

    private void assertThatItFailsInOneSentence(Program check) {
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.out()).doesNotContain("whole");
        assertThat(check.err())
                .startsWith("jetstream: ")
                .contains(copy.toString())
                .hasLineCount(1);
    }

    @Test
    void whereThereIsNoneNoneIsMade() throws Exception {
        Files.delete(file());
        Program check = check();
        assertThat(check.code()).isEqualTo(1);
        assertThat(check.err()).startsWith("jetstream: there is no journal in data directory " + copy);
        assertThat(copy).isEmptyDirectory();
    }

    @Test
    void aWrongArgumentStartsNothing() {
        assertThat(Program.run("journal", "check", "--dir", "x").code()).isEqualTo(2);
        assertThat(Program.run("journal", "check", "--config", "/no/such.conf").code())
                .isEqualTo(2);
    }
}
