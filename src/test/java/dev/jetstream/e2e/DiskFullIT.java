package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.http.WireClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
