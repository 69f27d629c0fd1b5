package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jetstream.http.WireClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' own tool accepts the metrics page and the alert rules. Skipped where promtool is not installed. */
class PromtoolIT {
    private static final Path RULES = Path.of("docker/rules.yaml");
    private static final Path RULES_TEST = Path.of("src/test/resources/rules_test.yaml");

    @TempDir
    Path directory;

    @BeforeAll
    static void isInstalled() throws InterruptedException {
        boolean installed;
        try {
            installed = new ProcessBuilder("promtool", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            installed = false;
        }
        assumeTrue(installed, "promtool is not installed (Debian's package prometheus has it)");
    }

    @Test
    void theMetricsPageHasNoFlaw() throws Exception {
        Path page = directory.resolve("page.txt");
        try (Upstream upstream = Upstream.start(Upstream.frames(10), frame -> {});
                TestServer server = TestServer.start(
                        directory.resolve("data"), upstream.relay().uri())) {
            server.awaitScrape(scrape -> scrape.value("consumer_last_seq") >= 10);
            try (WireClient client = new WireClient(server.metricsAddress())) {
                Files.writeString(page, client.get("/metrics").body());
            }
        }
        assertThat(run(page.toFile(), "promtool", "check", "metrics")).isEqualTo("");
    }

    @Test
    void everyRuleFiresAndIsSilentAsItsTestsSay() throws Exception {
        Set<String> rules = names("- alert: (\\w+)", RULES);
        assertThat(names("- name: \"(\\w+) fires", RULES_TEST)).isEqualTo(rules);
        assertThat(names("- name: \"(\\w+) is silent", RULES_TEST)).isEqualTo(rules);
        String output = run(new File("/dev/null"), "promtool", "test", "rules", RULES_TEST.toString());
        assertThat(output).contains("SUCCESS").doesNotContain("FAILED");
    }

    private static Set<String> names(String pattern, Path file) throws IOException {
        Matcher name = Pattern.compile(pattern).matcher(Files.readString(file));
        Set<String> names = new TreeSet<>();
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }

    private static String run(File input, String... command) throws Exception {
        Process process = new ProcessBuilder(List.of(command))
                .redirectInput(input)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }
}
