package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jetstream.relay.HostileFrames;
import dev.jetstream.relay.SyntheticOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The web page in a real browser, at streams that are out of the ordinary: an old one, a hostile one, a busy one. */
class PageStreamsIT {
    private static final String MARKUP = "<img src=x onerror=window.owned=1>\"'><script>window.owned=1<!--";

    @TempDir
    static Path directory;

    @TempDir
    Path data;

    private static Browser browser;

    @BeforeAll
    static void startBrowser() throws Exception {
        assumeTrue(Browser.isInstalled(), Browser.missing());
        browser = Browser.start(directory);
    }

    @AfterAll
    static void stopBrowser() throws Exception {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void leaveThePageBefore() throws Exception {
        browser.leave();
    }

    @Test
    void replays_from_a_time_that_was_picked() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(30), sent -> {});
                TestServer server = TestServer.start(data, upstream.relay().uri())) {
            List<Long> early = Replayed.times(server.address(), "", 1, 30);
            Instant between = Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.SECONDS);
            Await.until(() -> Instant.now().isAfter(between), () -> "the clock's next second");
            upstream.source().setLimit(60);
            upstream.awaitMade(60);
            List<Long> late = Replayed.times(server.address(), "", between.getEpochSecond() * 1_000_000, 25);

            ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
            page.awaitState("Live");
            assertThat(page.rows()).isZero();
            page.choose("#start", "oldest");
            page.awaitRows(60);
            assertThat(page.times()).startsWith(early.toArray(Long[]::new)).containsAll(late);

            page.choose("#start", "at");
            String picked = LocalDateTime.ofInstant(between, zoneOfBrowser()).toString();
            page.choose("#at", picked.length() == 16 ? picked + ":00" : picked);
            browser.until(
                    () -> browser.text("#code").asText().contains("cursor=" + between.getEpochSecond()), "the cursor");
            page.awaitRows(25);
            assertThat(page.times()).startsWith(late.toArray(Long[]::new)).doesNotContainAnyElementsOf(early);
            page.assertQuietAndAlone();
        }
    }

    private static ZoneId zoneOfBrowser() {
        return ZoneId.of(browser.run("return Intl.DateTimeFormat().resolvedOptions().timeZone")
                .asText());
    }

    @Test
    void shows_hostile_content_as_text() throws Exception {
        try (Upstream upstream = Upstream.start(Upstream.frames(5), sent -> {});
                TestServer server = TestServer.start(data, upstream.relay().uri())) {
            Replayed.times(server.address(), "", 1, 5);
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("$type", "app.bsky.feed.post");
            record.put("text", MARKUP);
            record.put(MARKUP, List.of(MARKUP, Map.of("__proto__", MARKUP, "uri", "javascript:window.owned=1")));
            record.put("subject", Map.of("uri", "javascript:window.owned=1"));
            record.put("long", MARKUP.repeat(2_000));
            String did = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa";
            upstream.relay()
                    .inject(HostileFrames.commit(
                            6,
                            did,
                            "app.bsky.feed.post",
                            "<img src=x onerror=window.owned=1>",
                            "3aaaaaaaaaa2a",
                            record));
            upstream.relay().inject(HostileFrames.identity(7, did, MARKUP));
            upstream.relay().inject(HostileFrames.account(8, did, MARKUP));
            Replayed.times(server.address(), "wantedDids=" + did, 1, 3);

            ExplorerPage page = ExplorerPage.open(browser, server.address(), "wantedDids=" + did + "&cursor=1");
            page.awaitRows(3);
            assertThat(page.cells("what")).containsExactly("inactive: " + MARKUP, MARKUP, MARKUP);
            for (int row = 0; row < 3; row++) {
                browser.run("document.querySelectorAll('#list .row')[arguments[0]].click()", row);
                browser.until(() -> browser.text("#tree").asText().contains(MARKUP), "the text in the tree");
                browser.run("document.querySelectorAll('#tree details').forEach((d) => { d.open = true; })");
            }
            browser.until(() -> browser.text("#tree").asText().contains("__proto__"), "the whole tree");
            assertThat(browser.run("return window.owned ?? 'nobody'").asText()).isEqualTo("nobody");
            assertThat(browser.run("return document.querySelectorAll('main img, main script, body script').length")
                            .asInt())
                    .isZero();
            for (JsonNode link : browser.run(
                    "return [...document.querySelectorAll('#links a, #tree a')].map((a) => a.href + ' ' + a.rel)")) {
                assertThat(link.asText())
                        .matches("https://(bsky\\.app/profile|pdsls\\.dev/at:/)/" + did + "\\S* noopener noreferrer");
            }
            assertThat(browser.text("#links").asText()).contains("bsky.app").doesNotContain("Record");
            page.assertQuietAndAlone();
        }
    }

    @Test
    void is_not_live_while_the_relay_is_down() throws Exception {
        try (TestServer server = TestServer.start(data, URI.create("ws://127.0.0.1:1/"))) {
            ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
            page.awaitState("Waiting for the relay");
            assertThat(browser.run("return document.querySelector('#feed-state').className")
                            .asText())
                    .isEqualTo("state warn");
            assertThat(browser.text("#health").asText()).isEqualTo("Relay disconnected");
            page.assertQuietAndAlone();
        }
    }

    @Test
    void stays_usable_when_thousands_come_each_second() throws Exception {
        SyntheticOptions busy = SyntheticOptions.defaults().withRate(4_000).withLimit(40_000);
        try (Upstream upstream = Upstream.start(busy, sent -> {});
                TestServer server = TestServer.start(data, upstream.relay().uri())) {
            ExplorerPage page = ExplorerPage.open(browser, server.address(), "");
            page.awaitState("Live");
            page.awaitRows(300);
            browser.until(() -> browser.text("#feed-note").asText().contains("a sample of"), "that it shows a sample");
            browser.click("#pause");
            page.awaitState("Paused");
            assertThat(page.rows()).isEqualTo(300);
            assertThat(page.times()).isSorted().doesNotHaveDuplicates();
            page.assertQuietAndAlone();
        }
    }
}
