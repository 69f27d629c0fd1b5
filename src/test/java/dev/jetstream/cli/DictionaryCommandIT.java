package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.luben.zstd.Zstd;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jetstream.app.ZstdDictionary;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code dictionary}, against a web server on this machine. */
@Timeout(60)
class DictionaryCommandIT {
    private static final byte[] PAGE = "<html>not what was asked for</html>".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path directory;

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer web;
    private byte[] served = PAGE;

    @BeforeEach
    void startWeb() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(threads);
        web.createContext("/dictionary", exchange -> answer(exchange, 200));
        web.createContext("/gone", exchange -> answer(exchange, 404));
        web.createContext("/silent", exchange -> {
            exchange.sendResponseHeaders(200, 1_000_000);
            awaitEnd();
            exchange.close();
        });
        web.start();
    }

    @AfterEach
    void stopWeb() {
        end.countDown();
        web.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange, int status) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, served.length);
            exchange.getResponseBody().write(served);
        }
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    private Path file() {
        return directory.resolve("dictionary");
    }

    private Program fetch(String... from) {
        String[] args = new String[3 + 2 * from.length];
        args[0] = "dictionary";
        args[1] = "fetch";
        args[2] = file().toString();
        for (int i = 0; i < from.length; i++) {
            args[3 + 2 * i] = "--from";
            args[4 + 2 * i] = from[i];
        }
        return Program.run(args);
    }

    /** The official dictionary, where it lies beside this project. */
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
    void theOfficialOneIsFetchedFromTheNextPlaceWhereOneFailsAndCheckedAndKept() throws IOException {
        served = official();
        Program fetched = fetch(url("/gone"), url("/dictionary"));
        assertThat(fetched.err()).isEmpty();
        assertThat(fetched.code()).isZero();
        assertThat(fetched.out()).contains(file() + ": the official dictionary, " + served.length + " bytes");
        assertThat(Files.readAllBytes(file())).isEqualTo(served);
        assertThat(directory).isDirectoryContaining(path -> path.equals(file()));
        assertThat(ZstdDictionary.idOf(served)).isEqualTo(ZstdDictionary.OFFICIAL_ID);

        Program check = Program.run("dictionary", "check", file().toString());
        assertThat(check.code()).isZero();
        assertThat(check.out()).contains("id        1612007021", "result    the official dictionary");

        Program again = fetch(url("/gone"));
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("already is the official dictionary");
    }

    @Test
    void anythingElseIsRefusedByItsSumAndNothingIsLeft() {
        Program fetched = fetch(url("/dictionary"));
        assertThat(fetched.code()).isEqualTo(1);
        assertThat(fetched.err())
                .startsWith("jetstream: the dictionary could not be downloaded:")
                .contains(url("/dictionary") + " sent something else, " + PAGE.length + " bytes with SHA-256 ");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutANetworkItSaysWhereItTriedAndWhatToDo() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Program fetched = fetch("http://127.0.0.1:" + closed + "/", "https://nowhere.invalid/dictionary");
        assertThat(fetched.code()).isEqualTo(1);
        assertThat(fetched.err())
                .contains("http://127.0.0.1:" + closed + "/: no connection", "https://nowhere.invalid/dictionary: ")
                .contains("download the file elsewhere and copy it", ZstdDictionary.OFFICIAL_SHA_256)
                .doesNotContain("\tat ", "null");
    }

    @Test
    void aServerThatSendsNothingIsGivenUp() {
        Program fetched =
                Program.run("dictionary", "fetch", file().toString(), "--timeout", "1", "--from", url("/silent"));
        assertThat(fetched.code()).isEqualTo(1);
        assertThat(fetched.err()).contains("took longer than 1 s");
    }

    @Test
    void aFileThatIsThereIsNotOverwritten() throws IOException {
        Files.writeString(file(), "mine");
        Program fetched = fetch(url("/dictionary"));
        assertThat(fetched.code()).isEqualTo(1);
        assertThat(fetched.err())
                .contains(file() + " exists and is not the official dictionary")
                .hasLineCount(1);
        assertThat(file()).hasContent("mine");
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThat(fetch("ftp://x/y").err()).contains("--from must be an https:// or http:// URL: ftp://x/y");
        assertThat(fetch("ftp://x/y").code()).isEqualTo(2);
        assertThat(Program.run("dictionary", "fetch", "x", "--timeout", "0").err())
                .contains("--timeout must be from 1 to 3600 seconds: 0");
        assertThat(Program.run("dictionary", "fetch").code()).isEqualTo(2);
    }

    @Test
    void otherFilesAreToldFromTheOfficialOne() throws IOException {
        Files.write(file(), PAGE);
        Program page = Program.run("dictionary", "check", file().toString());
        assertThat(page.code()).isEqualTo(1);
        assertThat(page.out()).contains("id        none", "result    no zstd dictionary");

        byte[][] samples = new byte[2_000][];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = ("{\"did\":\"did:plc:" + i + "\",\"time_us\":" + i * 31 + ",\"kind\":\"commit\"}")
                    .getBytes(StandardCharsets.UTF_8);
        }
        byte[] own = new byte[4_096];
        long size = Zstd.trainFromBuffer(samples, own);
        Files.write(file(), java.util.Arrays.copyOf(own, (int) size));
        Program other = Program.run("dictionary", "check", file().toString());
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.out()).contains("result    a zstd dictionary, but not the official one (id 1612007021)");

        Program missing =
                Program.run("dictionary", "check", directory.resolve("none").toString());
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err()).contains("there is no such file").hasLineCount(1);
    }
}
