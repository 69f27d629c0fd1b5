package dev.jetstream.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesIT {
    private static RunningEndpoint rule;

    @BeforeAll
    static void start() throws Exception {
        TestSettings settings = new TestSettings();
        settings.exposeMetrics = true;
        rule = new RunningEndpoint(settings);
    }

    @AfterAll
    static void stop() throws Exception {
        rule.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /, 200, Welcome to Jetstream",
        "GET, /?x=a|b, 200, Welcome to Jetstream",
        "GET, /healthz, 200, live|",
        "GET, /readyz, 200, ready|",
        "GET, /metrics, 200, a_metric 1|",
        "GET, /nothing, 404, not found; the stream is at /subscribe|",
        "PUT, /status, 405, only GET and HEAD are answered here|",
        "DELETE, /subscribe, 405, only GET and HEAD are answered here|",
        "POST, /, 405, only GET and HEAD are answered here|",
        "GET, /subscribe, 426, 'this is a websocket stream: connect with a websocket client, or accept text/event-stream or application/x-ndjson|'",
    })
    void pages_answer_as_plain_text_to_any_origin(String method, String target, int status, String body)
            throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer =
                    client.send(WireClient.request(method, target)).answer();
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo(body.replace("|", "\n"));
            assertThat(answer.header("content-type")).startsWith("text/plain");
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(answer.header("server")).isEqualTo("jetstream");
        }
    }

    @ParameterizedTest
    @CsvSource({"/subscribe", "/subscribe?cursor=x", "/status", "/", "/nothing"})
    void a_preflight_allows_every_origin_and_header(String path) throws Exception {
        try (WireClient client = rule.connect()) {
            String preflight = WireClient.request(
                    "OPTIONS",
                    path,
                    "Origin: https://a.example\r\nAccess-Control-Request-Method: GET\r\n",
                    "Access-Control-Request-Headers: last-event-id, x-<b>,, authorization\r\n");
            WireClient.HttpAnswer answer = client.send(preflight).answer();
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("content-length")).isNull();
            assertThat(answer.header("access-control-allow-origin")).isEqualTo("*");
            assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, POST, OPTIONS");
            assertThat(answer.header("access-control-allow-headers")).isEqualTo("*, last-event-id, authorization");
            assertThat(answer.header("access-control-max-age")).isEqualTo("86400");
            assertThat(client.send(WireClient.request("OPTIONS", path)).answer().header("access-control-allow-headers"))
                    .isEqualTo("*");
            assertThat(client.get("/healthz").status())
                    .as("the connection stays open")
                    .isEqualTo(200);
        }
    }

    @Test
    void the_welcome_is_a_page_for_who_takes_html_with_all_that_it_loads() throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer page = client.get("/", "Accept: application/xml, text/html;q=0.9\r\n");
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.header("content-type")).isEqualTo("text/html; charset=UTF-8");
            assertThat(page.header("cache-control")).isEqualTo("no-cache");
            assertThat(page.header("vary")).isEqualTo("Accept");
            List<String> loads = Pattern.compile("(?:src|href)=\"(assets/[^\"]+)\"")
                    .matcher(page.body())
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            assertThat(loads).hasSizeGreaterThan(3);
            for (String path : loads) {
                WireClient.HttpAnswer file = client.get("/" + path);
                assertThat(file.status()).as(path).isEqualTo(200);
                assertThat(file.header("cache-control")).isEqualTo("public, max-age=31536000, immutable");
                assertThat(file.header("content-type"))
                        .startsWith(
                                path.endsWith(".js")
                                        ? "text/javascript"
                                        : path.endsWith("css") ? "text/css" : "image/svg");
            }
            assertThat(client.get("/favicon.ico").header("content-type")).startsWith("image/svg");
            assertThat(client.get("/", "Accept: */*\r\n").body()).isEqualTo("Welcome to Jetstream");
        }
    }

    @Test
    void the_page_and_its_files_allow_nothing_but_themselves() throws Exception {
        try (WireClient client = rule.connect()) {
            String html = client.get("/", "Accept: text/html\r\n").body();
            String script = html.replaceAll("(?s).*src=\"(assets/[^\"]+/app.js)\".*", "$1");
            for (String path : List.of("/", "/" + script)) {
                WireClient.HttpAnswer answer = client.get(path, "Accept: text/html\r\n");
                assertThat(answer.header("content-security-policy"))
                        .startsWith("default-src 'none'; script-src 'self';")
                        .doesNotContain("unsafe");
                assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
                assertThat(answer.header("referrer-policy")).isEqualTo("no-referrer");
            }
        }
    }

    @Test
    void a_file_that_the_browser_has_is_not_sent_again() throws Exception {
        try (WireClient client = rule.connect()) {
            String tag = client.get("/", "Accept: text/html\r\n").header("etag");
            WireClient.HttpAnswer again = client.get("/", "Accept: text/html\r\nIf-None-Match: \"x\", " + tag + "\r\n");
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(again.header("etag")).isEqualTo(tag);
        }
    }

    @Test
    void another_version_s_file_is_today_s_and_not_kept_and_an_unknown_one_is_not_found() throws Exception {
        try (WireClient client = rule.connect()) {
            assertThat(client.get("/assets/0123456789abcdef/app.js").header("cache-control"))
                    .isEqualTo("no-cache");
            for (String path : List.of("/assets/", "/assets/x", "/assets/x/y.js", "/assets/x/../reference.conf")) {
                assertThat(client.get(path).status()).as(path).isEqualTo(404);
            }
        }
    }

    @Test
    void the_status_is_json_that_nobody_keeps() throws Exception {
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer status = client.get("/status");
            assertThat(status.body()).isEqualTo("{}");
            assertThat(status.header("content-type")).isEqualTo("application/json");
            assertThat(status.header("cache-control")).isEqualTo("no-store");
            assertThat(status.header("access-control-allow-origin")).isEqualTo("*");
        }
    }

    @Test
    void one_connection_serves_many_requests_sent_at_once_and_an_upgrade_behind_them() throws Exception {
        try (WireClient client = rule.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(WireClient.request("GET", "/healthz")).append("\r\n");
                all.append(WireClient.request("HEAD", "/metrics"));
            }
            all.append(WireClient.request("GET", "/subscribe?wantedCollections=app.bsky.*", WireClient.HANDSHAKE));
            client.send(all.toString().getBytes(), WireClient.frame(1, "early"));
            for (int i = 0; i < 50; i++) {
                assertThat(client.answer().body()).isEqualTo("live\n");
                assertThat(client.readHead().header("content-length")).isEqualTo("11");
            }
            assertThat(client.readHead().status()).isEqualTo(101);
            FakeSubscribers.Subscriber subscriber = rule.subscribers.next();
            assertThat(subscriber.request.filter().collections()).containsExactly("app.bsky.*");
            assertThat(subscriber.event()).isEqualTo("text early");
        }
    }

    @Test
    void readiness_is_503_with_the_reason() throws Exception {
        rule.ready = new Health.Report(false, "the journal does not write");
        try (WireClient client = rule.connect()) {
            WireClient.HttpAnswer answer = client.get("/readyz");
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).isEqualTo("the journal does not write\n");
        } finally {
            rule.ready = new Health.Report(true, "ready");
        }
    }

    @Test
    void a_client_that_asks_for_it_is_closed_after_its_answer() throws Exception {
        try (WireClient client = rule.connect()) {
            assertThat(client.get("/", "Connection: close\r\n").header("connection"))
                    .isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
        try (WireClient client = rule.connect()) {
            assertThat(client.send("GET / HTTP/1.0\r\n\r\n").answer().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }
}
