package dev.jetstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jetstream.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jar as an operator starts it: {@code java -jar}, no flags. */
class PackagedJarIT {
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

    @TempDir
    Path directory;

    private static Path jar;

    /** What one process gave. */
    private record Run(int code, String out, String err) {}

    @BeforeAll
    static void find() {
        jar = Path.of(System.getProperty("jetstream.jar", "target/jetstream.jar"))
                .toAbsolutePath();
        assumeTrue(Files.exists(jar), () -> "there is no " + jar + ": mvn package makes it");
    }

    private ProcessBuilder process(String... args) {
        List<String> command = new ArrayList<>(List.of(JAVA.toString(), "-jar", jar.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JETSTREAM_") || name.contains("JAVA"));
        return builder;
    }

    private Run run(Map<String, String> environment, String... args) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = process(args).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended)
                .as("ended by itself; it said %s", Files.readString(out))
                .isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void helpsWithoutAWordOnStandardError() throws Exception {
        Run help = run(Map.of(), "--help");
        assertThat(help.code).isZero();
        assertThat(help.err).isEmpty();
        assertThat(help.out).startsWith("Usage: jetstream");
    }

    @Test
    void knowsItsVersion() throws Exception {
        assertThat(run(Map.of(), "--version").out).matches("jetstream \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void refusesAWrongConfigurationBeforeItStarts() throws Exception {
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/application.conf"), "jetstream.zstd.level = 40\n");

        Run refused = run(Map.of("JETSTREAM_EVENT_TTL", "5"));

        assertThat(refused.code).isEqualTo(2);
        assertThat(refused.out).isEmpty();
        assertThat(refused.err.lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("jetstream.zstd.level = \"40\"") && line.contains("application.conf:1"))
                .anyMatch(line -> line.contains("JETSTREAM_EVENT_TTL"));
    }

    @Test
    void failsWithOneSentenceWhereTheDataDirectoryIsOfNoUse() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        Run failed = run(
                Map.of("JETSTREAM_LOG_FORMAT", "json"),
                "--data-dir=" + file.resolve("data"),
                "--listen-addr=127.0.0.1:0",
                "--metrics-listen-addr=127.0.0.1:0",
                "--ws-url=ws://127.0.0.1:1/");

        assertThat(failed.code).isEqualTo(1);
        assertThat(failed.err.lines()).hasSize(1).allMatch(line -> line.startsWith("jetstream: "));
        JsonNode documented = new ObjectMapper().readTree(documentedLogLine());
        List<String> messages = new ArrayList<>();
        for (String line : failed.out.lines().toList()) {
            JsonNode message = new ObjectMapper().readTree(line);
            assertThat(message.fieldNames()).toIterable().containsExactlyElementsOf(documented::fieldNames);
            assertThat(message.path("timestamp").isIntegralNumber()).isTrue();
            assertThat(message.path("level").asText()).isIn("INFO", "WARN", "ERROR");
            messages.add(message.path("formattedMessage").asText());
        }
        assertThat(messages)
                .anyMatch(message -> message.startsWith("configuration file: none"))
                .anyMatch(message -> message.startsWith("relay=ws://127.0.0.1:1/ data="));
        assertThat(messages.get(messages.size() - 1))
                .as("the log's last line has the reason")
                .startsWith("the server cannot start: data directory ");
    }

    @Test
    void aRefusedConfigurationIsALineOfJsonToo() throws Exception {
        Run refused = run(Map.of("JETSTREAM_LOG_FORMAT", "json", "JETSTREAM_EVENT_TTL", "5"));

        assertThat(refused.code).isEqualTo(2);
        assertThat(new ObjectMapper()
                        .readTree(refused.out)
                        .path("formattedMessage")
                        .asText())
                .startsWith("the server cannot start: the configuration has a problem:")
                .contains("JETSTREAM_EVENT_TTL");
    }

    @Test
    void anUnexpectedFailureOfTheStartIsALineOfJsonToo() throws Exception {
        Run failed = run(
                Map.of(
                        "JETSTREAM_LOG_FORMAT", "json",
                        "JAVA_TOOL_OPTIONS", "-Dpekko.actor.provider=no.such.Provider"),
                "--data-dir=" + directory.resolve("data"),
                "--listen-addr=127.0.0.1:0",
                "--metrics-listen-addr=127.0.0.1:0",
                "--ws-url=ws://127.0.0.1:1/");

        assertThat(failed.code).isEqualTo(1);
        List<String> lines = failed.out.lines().toList();
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(last.path("level").asText()).isEqualTo("ERROR");
        assertThat(last.path("formattedMessage").asText()).startsWith("the server cannot start: no.such.Provider");
    }

    /** The line of JSON that the operators' document shows. */
    private static String documentedLogLine() throws IOException {
        return Files.readString(Path.of("docs/operations.md"))
                .lines()
                .filter(line -> line.startsWith("{\"timestamp\":"))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "--listen-addr, jetstream.http.listen, JETSTREAM_LISTEN_ADDR",
        "--metrics-listen-addr, jetstream.metrics.listen, JETSTREAM_METRICS_LISTEN_ADDR"
    })
    void aTakenPortIsOneSentenceWithItsFix(String flag, String key, String environmentName) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            Map<String, String> environment = Map.of(
                    "JETSTREAM_LISTEN_ADDR", "127.0.0.1:0",
                    "JETSTREAM_METRICS_LISTEN_ADDR", "127.0.0.1:0",
                    "JETSTREAM_WS_URL", "ws://127.0.0.1:1/");

            Run failed = run(environment, flag + "=" + address);

            assertThat(failed.code).isEqualTo(1);
            assertThat(failed.err.strip())
                    .isEqualTo("jetstream: cannot listen on " + address
                            + " (Address already in use): stop what uses the port, or set " + key + " (" + flag + ", "
                            + environmentName + ") to another address");
        }
    }

    @Test
    void relayStopsInOrderOnTerm() throws Exception {
        Process relay =
                process("relay", "--port", "0").redirectErrorStream(true).start();
        try (BufferedReader out = relay.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lineWith(out, "the relay listens")).contains("ws://127.0.0.1:");
            relay.destroy();
            assertThat(relay.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(relay.exitValue()).isZero();
        } finally {
            relay.destroyForcibly();
        }
    }

    @Test
    void demoServesPrintsWhatToTryAndCleansUpOnTerm() throws Exception {
        Path err = directory.resolve("err");
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        ProcessBuilder builder = process("demo", "--port", "0").redirectError(err.toFile());
        builder.command().add(1, "-Djava.io.tmpdir=" + temporary);
        Process demo = builder.start();
        try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
            String events = lineWith(out, "  events ");
            assertThat(events)
                    .containsPattern("java -jar \\S*jetstream\\.jar tail --limit 5 ws://localhost:\\d+/subscribe");
            String metrics = lineWith(out, "  metrics ");
            assertThat(lineWith(out, "  journal ")).contains(temporary.toString(), "(deleted at the end)");
            lineWith(out, "Ctrl-C stops it.");

            String page = get(metrics.substring(metrics.indexOf("http://")));
            assertThat(page).contains("jetstream_events_emitted_total", "process_resident_memory_bytes");

            // By its handle: the process's own destroy() closes what it says, too.
            demo.toHandle().destroy();
            assertThat(out.lines()).isEmpty();
            assertThat(demo.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.exitValue()).isZero();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(Files.readString(err)).isEmpty();
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("jetstream-demo-"));
        }
    }

    private static String get(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String lineWith(BufferedReader out, String text) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(text)) {
                return line;
            }
        }
        throw new AssertionError("ended without saying " + text);
    }
}
