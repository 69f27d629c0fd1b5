package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does first: the demo, a look at its figures, five events, Ctrl-C; with nothing on the screen to wonder about. */
@Timeout(120)
class StrangersWalkIT {
    private static final Pattern EVENTS = Pattern.compile("  events .* tail --limit 5 (ws://localhost:\\d+/subscribe)");
    private static final Pattern METRICS = Pattern.compile("  metrics .*http://localhost:(\\d+)/metrics");

    @TempDir
    Path directory;

    private Process start(Path errors, String... args) throws IOException {
        Path jar = Path.of(System.getProperty("jetstream.jar", "target/jetstream.jar"))
                .toAbsolutePath();
        assumeTrue(Files.exists(jar), () -> "there is no " + jar + ": mvn package makes it");
        List<String> command = new ArrayList<>(List.of(JarServer.JAVA.toString(), "-jar", jar.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JETSTREAM_") || name.contains("JAVA"));
        return builder.redirectError(errors.toFile()).start();
    }

    @Test
    void demoFiguresFiveEventsAndTheEnd() throws Exception {
        Path errors = directory.resolve("demo.err");
        Process demo = start(errors, "demo", "--port", "0");
        List<String> said = new ArrayList<>();
        try (BufferedReader out = demo.inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (line.startsWith("Ctrl-C")) {
                    lookAround(String.join("\n", said));
                    demo.toHandle().destroy();
                }
            }
            assertThat(demo.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(demo.exitValue()).isZero();
        assertThat(said).last().asString().isEqualTo("Ctrl-C stops it.");
        assertThat(said).noneMatch(line -> line.contains("WARN") || line.contains("ERROR") || line.contains("pekko"));
        assertThat(Files.readString(errors)).isEmpty();
    }

    private void lookAround(String said) throws Exception {
        Scrape page = Scrape.of(new InetSocketAddress("localhost", Integer.parseInt(found(METRICS, said))));
        assertThat(page.value("jetstream_upstream_connected")).isIn(0.0, 1.0);

        Process tail = start(directory.resolve("tail.err"), "tail", "--limit", "5", found(EVENTS, said));
        try (BufferedReader out = tail.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines())
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("{\"did\":\"did:") && line.endsWith("}}"));
            assertThat(tail.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            tail.destroyForcibly();
        }
        assertThat(tail.exitValue()).isZero();
        assertThat(Files.readString(directory.resolve("tail.err"))).doesNotContain("WARN", "Exception");
    }

    private static String found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }
}
