package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jetstream.relay.SyntheticOptions;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The web page in a real browser, with a quiet, endless stream. */
class PageIT {
    /** So few that the page draws each one. */
    private static final int FRAMES_A_SECOND = 80;

    @TempDir(cleanup = CleanupMode.ALWAYS)
    static Path directory;

    private static Browser browser;
    private static Upstream upstream;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.isInstalled(), Browser.missing());
        upstream = Upstream.start(
                SyntheticOptions.defaults().withRate(FRAMES_A_SECOND).withAccounts(10), sent -> {});
        server = TestServer.start(directory.resolve("data"), upstream.relay().uri());
        browser = Browser.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            server.close();
        }
        if (upstream != null) {
            upstream.close();
        }
    }

    @BeforeEach
    void leaveThePageBefore() throws Exception {
        browser.leave();
        flow();
    }

    /** Some frames more, and then none until {@link #flow}: what the page draws at once must hold what it missed. */
    private static void makeMore(int frames) {
        upstream.source().setLimit(upstream.source().newestSeq() + frames);
    }

    private static void flow() {
        upstream.source().setLimit(0);
    }

    @Test
    void shows_events_as_they_come_and_how_the_server_is() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        page.awaitState("Live");
        page.awaitRows(20);
        assertThat(page.times()).isSorted().doesNotHaveDuplicates();
        assertThat(page.cells("op")).isSubsetOf("create", "update", "delete", "identity", "account");
        browser.until(() -> browser.text("#health").asText().equals("Healthy"), "good health");
        browser.until(() -> browser.text("#rate").asText().matches("[1-9]\\d*"), "a rate");
        browser.until(() -> browser.text("#subscribers").asText().equals("1"), "one subscriber");
        assertThat(browser.text("#relay").asText()).startsWith("connected to 127.0.0.1:");
        browser.until(
                () -> browser.run("return document.querySelector('#plot').getAttribute('aria-label')")
                        .asText()
                        .contains("highest"),
                "a plot that is described");
        page.assertQuietAndAlone();
    }

    @Test
    void filters_by_collection_and_account_and_tells_other_tools_how() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        browser.type("#collection", "app.bsky");
        browser.click("#add-collection");
        assertThat(browser.text("#collection-problem").asText()).contains("“app.bsky” is not a valid NSID");
        browser.type("#collection", ".feed.like" + Browser.ENTER);
        assertThat(browser.text("#collection-problem").asText()).isEmpty();
        page.awaitRows(5);
        assertThat(page.cells("op").stream().noneMatch(String::isEmpty)).isTrue();
        assertThat(page.cells("collection"))
                .allMatch(collection -> collection.equals("app.bsky.feed.like") || collection.isEmpty());

        browser.click("#list .row");
        String did = browser.text("#facts dd").asText();
        assertThat(did).startsWith("did:");
        browser.type("#did", did + Browser.ENTER);
        browser.until(() -> browser.text("#dids span").asText().equals(did), "the account as a chip");
        browser.until(() -> browser.text("#code").asText().contains("wantedDids=" + did), "the account in the address");
        page.leaveList();
        page.awaitRows(2);
        browser.run("document.querySelectorAll('#list .row')[0].click()");
        assertThat(browser.text("#facts dd").asText()).isEqualTo(did);
        assertThat(browser.text("#code").asText())
                .isEqualTo("ws://127.0.0.1:" + server.address().getPort()
                        + "/subscribe?wantedCollections=app.bsky.feed.like&wantedDids=" + did);
        for (String tool : List.of("curl", "JavaScript", "Python", "Go", "Java")) {
            browser.click("#tab-" + tool);
            assertThat(browser.text("#code").asText())
                    .contains("app.bsky.feed.like")
                    .contains(did);
        }

        browser.click("#collections button");
        browser.click("#dids button");
        browser.until(() -> browser.text("#code").asText().contains("Jetstream"), "the Java code");
        assertThat(browser.text("#code").asText()).doesNotContain("wanted");
        page.awaitRows(20);
        assertThat(new HashSet<>(page.cells("collection"))).hasSizeGreaterThan(2);

        browser.run("document.querySelector('#list .row').click()");
        String other = browser.text("#facts dd").asText();
        browser.click("#only-account");
        browser.until(() -> browser.text("#dids span").asText().equals(other), "that account alone");
        page.assertQuietAndAlone();
    }

    @Test
    void shows_who_acted_in_each_row() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        page.awaitRows(10);
        assertThat(page.cells("who")).allMatch(who -> who.matches("did:plc:\\w{6}…\\w{5}"));
        browser.run("document.querySelector('#list .row').click()");
        assertThat(browser.run("return document.querySelector('#list .row[aria-current] .who').title")
                        .asText())
                .isEqualTo(browser.text("#facts dd").asText());
        page.assertQuietAndAlone();
    }

    @Test
    void says_that_accounts_are_filtered_by_did() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        for (String handle : List.of("alice.bsky.social", "@alice.bsky.social")) {
            browser.run("document.querySelector('#did').value = ''");
            browser.type("#did", handle + Browser.ENTER);
            assertThat(browser.text("#did-problem").asText())
                    .contains("“" + handle + "” is a handle; this filter takes DIDs");
        }
        page.assertQuietAndAlone();
    }

    @Test
    void names_its_version_and_links_to_documentation() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        browser.until(
                () -> browser.text("#version").asText().startsWith("Jetstream for the JVM "), "the server's version");
        assertThat(browser.text("#version").asText()).doesNotContain("SNAPSHOT");
        assertThat(browser.text("footer").asText()).contains("Jetstream protocol", "AT Protocol");
        page.assertQuietAndAlone();
    }

    @ParameterizedTest
    @CsvSource({"1440, 1000", "390, 844"})
    void labels_the_time_axis_without_overlaps(int width, int height) throws Exception {
        try {
            browser.media(false, width, height);
            ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
            browser.until(() -> browser.text("#rate").asText().matches("[1-9]\\d*"), "a rate");
            for (int seconds : List.of(1, 61, 100, 130, 240, 300)) {
                JsonNode labels = browser.run(
                        """
                        const chart = Chart.getChart("plot");
                        chart.options.scales.x.min = -Math.max(60, arguments[0] - 1);
                        chart.update("none");
                        const { x } = chart.scales;
                        chart.ctx.font = Chart.helpers.toFont(x.options.ticks.font).string;
                        return x.ticks.map(({ label, value }) =>
                            ({ label, at: x.getPixelForValue(value), width: chart.ctx.measureText(label).width }));
                        """,
                        seconds);
                assertThat(labels.size()).isBetween(2, 7);
                for (int i = 0; i < labels.size(); i++) {
                    JsonNode label = labels.get(i);
                    assertThat(label.get("label").asText()).matches("now|-\\d+ (s|min)");
                    if (i > 0) {
                        JsonNode before = labels.get(i - 1);
                        double between = (label.get("width").asDouble()
                                        + before.get("width").asDouble())
                                / 2;
                        assertThat(label.get("at").asDouble() - before.get("at").asDouble())
                                .isGreaterThan(between);
                    }
                }
            }
            page.assertQuietAndAlone();
        } finally {
            browser.media(false, 1440, 1000);
        }
    }

    @Test
    void resumes_after_the_last_event_when_paused() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        page.awaitRows(10);
        makeMore(20);
        browser.click("#pause");
        page.awaitState("Paused");
        makeMore(40);
        long last = page.times().get(page.times().size() - 1);
        List<Long> meanwhile = Replayed.times(server.address(), "", last + 1, 30);
        assertThat(page.times().get(page.times().size() - 1)).isEqualTo(last);
        browser.click("#pause");
        assertThat(page.awaitNewer(last, 30).subList(0, 30)).isEqualTo(meanwhile);
        flow();
        page.assertQuietAndAlone();
    }

    @Test
    void resumes_after_the_last_event_when_the_server_restarts() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        page.awaitRows(10);
        int port = server.address().getPort();
        makeMore(20);
        server.stop();
        page.awaitState("Disconnected");
        makeMore(40);
        browser.until(() -> browser.text("#health").asText().equals("Server unreachable"), "that there is no server");
        assertThat(browser.run("return document.querySelectorAll('.stale').length")
                        .asInt())
                .isEqualTo(1);
        long last = page.times().get(page.times().size() - 1);
        server = TestServer.start(
                directory.resolve("data"), upstream.relay().uri(), Map.of("--listen-addr", "127.0.0.1:" + port));
        List<Long> meanwhile = Replayed.times(server.address(), "", last + 1, 30);
        page.awaitState("Live");
        assertThat(page.awaitNewer(last, 30).subList(0, 30)).isEqualTo(meanwhile);
        flow();
        browser.until(() -> browser.text("#health").asText().equals("Healthy"), "good health again");
        browser.until(
                () -> browser.run("return document.querySelector('.stale') === null")
                        .asBoolean(),
                "fresh figures");
        assertThat(browser.consoleErrors()).allMatch(error -> error.contains("net::ERR_"));
    }

    @Test
    void can_be_used_with_the_keyboard_alone() throws Exception {
        ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
        page.awaitRows(10);
        page.leaveList();
        browser.run("document.querySelector('#list .row[tabindex=\"0\"]').focus()");
        browser.press(Browser.DOWN);
        browser.press(Browser.DOWN);
        String focused = browser.run("return document.activeElement.querySelector('time').title")
                .asText();
        browser.until(() -> browser.text("#feed-note").asText().contains("list paused"), "that the list is paused");
        browser.press(Browser.ENTER);
        assertThat(browser.text("#facts").asText()).contains(focused.replaceAll(".* ", ""));
        assertThat(browser.run("return document.activeElement.id").asText()).isEqualTo("detail");
        browser.press(Browser.ESCAPE);
        assertThat(browser.run("return document.querySelector('#detail').hidden")
                        .asBoolean())
                .isTrue();
        // The list moves on while the event is looked at: where its row is gone, the list has the focus.
        assertThat(browser.run("return document.activeElement.className").asText())
                .isIn("row", "card events");
        page.assertQuietAndAlone();
    }

    @ParameterizedTest
    @CsvSource({"false, 1440, 1000", "true, 1440, 1000", "false, 390, 844", "true, 390, 844"})
    void has_no_fault_that_an_accessibility_checker_finds(boolean dark, int width, int height) throws Exception {
        try {
            browser.media(dark, width, height);
            // The checker's work grows with the rows, which are all alike.
            upstream.source().setLimit(upstream.source().newestSeq() + 10);
            long secondAgo =
                    ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().minusSeconds(1));
            ExplorerPage page = ExplorerPage.open(
                    browser, server.address(), "wantedCollections=app.bsky.*&format=v0&cursor=" + secondAgo);
            page.awaitRows(5);
            browser.run("document.querySelector('#list .row').click()");
            assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth")
                            .asBoolean())
                    .as("fits the width")
                    .isTrue();
            browser.run(checker());
            JsonNode faults =
                    browser.run("return axe.run(document).then(({violations}) => violations.map((v) => v.id + ': '"
                            + " + v.nodes.map((n) => n.html.slice(0, 200) + ' ' + n.failureSummary).join(' | ')))");
            assertThat(faults).isEmpty();
            page.assertQuietAndAlone();
        } finally {
            flow();
            browser.media(false, 1440, 1000);
        }
    }

    private static String checker() throws Exception {
        try (InputStream in = PageIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
