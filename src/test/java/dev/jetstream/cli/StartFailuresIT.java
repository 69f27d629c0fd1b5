package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.journal.store.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever keeps a server from starting is one sentence on standard error, with the mend, and an exit code. */
@Timeout(120)
class StartFailuresIT {
    @TempDir
    Path directory;

    /** Starts it where nothing is wrong but these flags. */
    private Program serve(String... flags) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "--ws-url", "ws://127.0.0.1:1/",
                "--listen-addr", "127.0.0.1:0",
                "--metrics-listen-addr", "127.0.0.1:0",
                "--data-dir", directory.resolve("data").toString()));
        for (String flag : flags) {
            String[] parts = flag.split("=", 2);
            all.put(parts[0], parts[1]);
        }
        List<String> arguments = new ArrayList<>(List.of("serve"));
        all.forEach((name, value) -> arguments.add(name + "=" + value));
        return Program.run(arguments.toArray(String[]::new));
    }

    private static void assertOneSentence(Program failed, int code, String sentence) {
        assertThat(failed.err()).isEqualTo("jetstream: " + sentence + System.lineSeparator());
        assertThat(failed.code()).isEqualTo(code);
        assertThat(failed.out()).isEmpty();
    }

    @Test
    void aDictionaryThatIsNotThere() {
        Path file = directory.resolve("none");
        Program failed = serve("--zstd-dictionary-path=" + file);
        assertThat(failed.err().lines())
                .containsExactly(
                        "jetstream: the configuration has a problem:",
                        "  jetstream.zstd.dictionary-file = \"" + file
                                + "\" (--zstd-dictionary-path): must be a file that this user can read");
        assertThat(failed.code()).isEqualTo(2);
    }

    @Test
    void aDictionaryThatIsNone() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "no dictionary");
        Program failed = serve("--zstd-dictionary-path=" + file);
        assertThat(failed.err())
                .startsWith("jetstream: jetstream.zstd.dictionary-file " + file
                        + " is not a zstd dictionary; get the official one")
                .hasLineCount(1);
        assertThat(failed.code()).isEqualTo(1);
    }

    @Test
    void aDataDirectoryThatIsAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertOneSentence(
                serve("--data-dir=" + file),
                1,
                "data directory " + file
                        + " is not a directory; set jetstream.journal.data-dir to a directory that this user may write to");
    }

    @ParameterizedTest
    @CsvSource({
        "/proc/jetstream, cannot be made: /proc/jetstream: no such file or directory",
        "/sys, cannot be written to ("
    })
    void aDataDirectoryThatNobodyMayWriteTo(Path unwritable, String what) {
        Program failed = serve("--data-dir=" + unwritable);
        assertThat(failed.err())
                .startsWith("jetstream: data directory " + unwritable + " " + what)
                .contains("jetstream.journal.data-dir")
                .doesNotContain("Exception")
                .hasLineCount(1);
        assertThat(failed.code()).isEqualTo(1);
    }

    @Test
    void aValueThatIsWrong() {
        Program failed = serve("--event-ttl=5", "--max-sub-rate=many");
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.err().lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("--event-ttl"))
                .anyMatch(line -> line.contains("--max-sub-rate"));
    }

    @Test
    void aFlagThatIsNone() {
        Program failed = serve("--listen=:6008");
        assertThat(failed.code()).isEqualTo(2);
        assertThat(failed.err()).contains("--listen").contains("--help");
    }

    @Test
    void aConfigurationFileThatIsNotThere() {
        Path file = directory.resolve("none.conf");
        assertOneSentence(serve("--config=" + file), 2, "--config " + file + ": there is no such file");
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            String mend = " (Address already in use): stop what uses the port, or set ";
            assertOneSentence(
                    serve("--listen-addr=" + address),
                    1,
                    "cannot listen on " + address + mend
                            + "jetstream.http.listen (--listen-addr, JETSTREAM_LISTEN_ADDR) to another address");
            assertOneSentence(
                    serve("--metrics-listen-addr=" + address),
                    1,
                    "cannot listen on " + address + mend
                            + "jetstream.metrics.listen (--metrics-listen-addr, JETSTREAM_METRICS_LISTEN_ADDR) to another"
                            + " address");
        }
    }

    private Program serveOn(String url, String password) throws IOException {
        Path file = Files.writeString(
                directory.resolve("database.conf"),
                "jetstream.journal { database-url = \"%s\", database-user = \"%s\", database-password = \"%s\" }"
                        .formatted(url, TestPostgres.USER, password));
        return serve("--config=" + file);
    }

    private static void assertDatabaseFailure(Program failed, String url, String why) {
        assertThat(failed.err())
                .startsWith("jetstream: journal " + url + " cannot be opened: ")
                .contains(why)
                .endsWith("; start the database, or correct jetstream.journal.database-url, -user and -password"
                        + System.lineSeparator())
                .doesNotContain("Exception", TestPostgres.PASSWORD)
                .hasLineCount(1);
        assertThat(failed.code()).isEqualTo(1);
    }

    @Test
    void aDatabaseThatIsNotThere() throws IOException {
        String url = "jdbc:postgresql://127.0.0.1:1/jetstream";
        assertDatabaseFailure(serveOn(url, TestPostgres.PASSWORD), url, "Connection to 127.0.0.1:1 refused");
    }

    @Test
    void aPasswordThatIsWrong() throws Exception {
        TestPostgres postgres = TestPostgres.get();
        String url = postgres.url(postgres.newDatabase());
        assertDatabaseFailure(serveOn(url, "guessed"), url, "password authentication failed for user \"jetstream\"");
    }

    @Test
    void aDatabaseOfThatNameThatWasNeverMade() throws Exception {
        String url = TestPostgres.get().url("nowhere");
        assertDatabaseFailure(serveOn(url, TestPostgres.PASSWORD), url, "database \"nowhere\" does not exist");
    }
}
