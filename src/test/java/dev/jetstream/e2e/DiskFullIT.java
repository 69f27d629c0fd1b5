package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.http.WireClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real jar on a disk that is full for a while: ingest pauses and says so, subscribers stay, it goes on, nothing is lost. */
@Timeout(180)
class DiskFullIT {
    private static final int FRAMES = 4_000;
    private static final int MAX_FRAMES = 400_000;
    private static final int DISK_MIB = 24;
    private static final int LEFT_BYTES = 1 << 20;

    /** Bytes above which no file may grow; below what SQLite lets its write-ahead log grow to. */
    private static final int QUOTA_BYTES = 3 << 20;

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();

    /** Takes space away, or gives it back. */
    private interface Change {
        void make(JarServer server) throws Exception;
    }

    @Test
    void aFullDisk() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("data"));
        String size = "size=" + DISK_MIB + "m";
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk.toString()),
                "this user may not mount a small disk");
        try {
            Path filler = disk.resolve("filler");
            assertGoesOn(
                    server -> Files.write(filler, new byte[free(disk) - LEFT_BYTES]),
                    server -> Files.delete(filler),
                    "full");
        } finally {
            assertThat(succeeds("umount", "-l", disk.toString())).isTrue();
        }
    }

    @Test
    void aLimitOnFileSizes() throws Exception {
        assumeTrue(succeeds("prlimit", "--version"), "there is no prlimit here");
        assertGoesOn(
                server -> limit(server, QUOTA_BYTES + ":unlimited"), server -> limit(server, "unlimited"), "I/O error");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "65536, true"})
    void aStartOnAFullDiskSaysThatItIsFull(int leftBytes, boolean wasLocked) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("data"));
        assumeTrue(
                succeeds("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()),
                "this user may not mount a small disk");
        try {
            try (InputStream journal = DiskFullIT.class.getResourceAsStream("/journals/format-1.sqlite")) {
                Files.copy(journal, disk.resolve("journal.sqlite"));
            }
            if (wasLocked) {
                Files.writeString(disk.resolve("journal.lock"), "1\n");
            }
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[free(disk) - leftBytes]);
            assertThatTheStartSaysFull(disk);
            Files.delete(filler);
            JarCommand check = JarCommand.run(directory, "journal", "check");
            assertThat(check.output()).endsWith("result    whole\n");
        } finally {
            assertThat(succeeds("umount", "-l", disk.toString())).isTrue();
        }
    }

    /** Neither a trace of the native library, nor advice that loses the journal, which is whole. */
    private void assertThatTheStartSaysFull(Path disk) throws Exception {
        List<String> options = List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + disk);
        try (JarServer server = JarServer.launch(directory, URI.create("ws://127.0.0.1:1/"), options)) {
            assertThat(server.awaitExit(60)).as(server.said()).isOne();
            assertThat(server.said())
                    .containsPattern(
                            "(?m)^jetstream: the disk of data directory .*data is full \\(\\d+ KiB are free\\)")
                    .contains("free some space")
                    .doesNotContain("move it away", "empty journal", "restore", "Exception", "UnsatisfiedLinkError")
                    .doesNotContain("SQLiteJDBCLoader", "\tat ");
        }
    }

    private static int free(Path disk) throws IOException {
        return Math.toIntExact(Files.getFileStore(disk).getUsableSpace());
    }

    private static void limit(JarServer server, String to) throws Exception {
        assertThat(succeeds("prlimit", "--pid", Long.toString(server.pid()), "--fsize=" + to))
                .isTrue();
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void assertGoesOn(Change takeSpace, Change giveSpace, String reason) throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES), ledger);
                JarServer server = JarServer.start(
                        directory, upstream.relay().uri(), List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
                Follower live = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
            upstream.awaitMade(FRAMES);
            live.awaitEvent(ledger.count());
            takeSpace.make(server);
            upstream.source().setLimit(MAX_FRAMES);
            Await.until(() -> ready(server).status() == 503, () -> "it is ready after event " + live.next());
            assertThat(ready(server).body())
                    .contains("journal: does not write: ", reason)
                    .doesNotContain("no transaction", "Exception");
            try (Follower late = new Follower(ledger, 0).connect(server.address(), "?cursor=0")) {
                late.awaitEvent(live.assertNoFault().next());
                upstream.source().setLimit(upstream.source().newestSeq());
                giveSpace.make(server);
                live.awaitEvent(ledger.count());
                late.awaitEvent(ledger.count());
                assertThat(late.times()).isEqualTo(live.times());
            }
            Await.until(() -> ready(server).status() == 200, () -> ready(server).body());
            assertThat(server.scrape().value("jetstream_journal_write_failures_total"))
                    .isPositive();
        }
    }

    private static WireClient.HttpAnswer ready(JarServer server) {
        try (WireClient client = new WireClient(server.address())) {
            return client.get("/readyz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
