package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Everything that the dashboard and the alert rules ask for is on a real scrape, with the labels that they name. */
@Timeout(120)
class DashboardIT {
    private static final Path DASHBOARD = Path.of("docker/grafana/dashboards/jetstream.json");
    private static final Path RULES = Path.of("docker/rules.yaml");
    private static final Pattern RULE = Pattern.compile("(?m)^ +expr: (.+)$");
    private static final int FRAMES = 5_000;

    /** What Prometheus itself adds. */
    private static final String SCRAPED = "up";

    private static final Set<String> TARGET_LABELS = Set.of("instance", "job");

    @TempDir
    Path data;

    @Test
    void everySeriesOfTheDashboardAndTheRulesExists() throws Exception {
        List<String> dashboard = ofDashboard();
        List<String> rules = ofRules();
        assertThat(dashboard).hasSizeGreaterThan(40);
        assertThat(rules).hasSizeGreaterThan(10);
        Scrape page = fullPage();
        List<String> missing = new ArrayList<>();
        dashboard.forEach(expression -> check(expression, page, missing));
        rules.forEach(expression -> check(expression, page, missing));
        assertThat(missing).isEmpty();
    }

    @Test
    void idsOfPanelsDifferAndEachSaysWhatItShows() throws Exception {
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels")) {
            assertThat(ids.add(panel.get("id").intValue()))
                    .as(panel.get("title").asText())
                    .isTrue();
            assertThat(panel.get("type").asText().equals("row") || panel.hasNonNull("description"))
                    .as(panel.get("title").asText())
                    .isTrue();
        }
    }

    private static void check(String expression, Scrape page, List<String> missing) {
        List<Promql> series = Promql.of(expression);
        assertThat(series).as(expression).isNotEmpty();
        for (Promql one : series) {
            Set<String> labels = new HashSet<>(one.labels());
            labels.removeAll(TARGET_LABELS);
            if (!one.metric().equals(SCRAPED) && !page.labelNames(one.metric()).containsAll(labels)) {
                missing.add(one + " in: " + expression);
            }
            if (!one.metric().equals(SCRAPED) && !page.hasName(one.metric())) {
                missing.add(one.metric() + " in: " + expression);
            }
        }
    }

    private static List<String> ofDashboard() throws Exception {
        JsonNode root = new ObjectMapper().readTree(DASHBOARD.toFile());
        List<String> found = new ArrayList<>();
        root.findValues("expr").forEach(expr -> found.add(expr.asText()));
        for (JsonNode variable : root.at("/templating/list")) {
            Matcher values = Pattern.compile("label_values\\((\\w+), instance\\)")
                    .matcher(variable.at("/query/query").asText());
            if (values.matches()) {
                found.add(values.group(1));
            }
        }
        return found;
    }

    private static List<String> ofRules() throws Exception {
        List<String> found = new ArrayList<>();
        Matcher rule = RULE.matcher(Files.readString(RULES));
        while (rule.find()) {
            found.add(rule.group(1));
        }
        return found;
    }

    /** Some series wait for their first value: a subscriber reads, and retention deletes. */
    private Scrape fullPage() throws Exception {
        Map<String, String> forget =
                Map.of("jetstream.journal.event-ttl", "1s", "jetstream.journal.retention-interval", "10ms");
        try (Upstream upstream = Upstream.start(Upstream.frames(FRAMES).withRate(2_000), frame -> {});
                TestServer server = TestServer.start(data, upstream.relay().uri(), forget);
                EventClient client =
                        EventClient.open(server.address(), "/subscribe?cursor=0", (opcode, bytes, from, to) -> {})) {
            Scrape full = server.awaitScrape(page -> page.hasName("jetstream_journal_delete_seconds_count")
                    && page.hasName("jetstream_subscriber_behind_events_count")
                    && page.hasName("consumer_event_processing_duration_seconds_count"));
            assertThat(client.closeCode()).as("the subscriber is still there").isEqualTo(-1);
            return full;
        }
    }
}
