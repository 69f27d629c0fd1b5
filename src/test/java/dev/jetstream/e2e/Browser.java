package dev.jetstream.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jetstream.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A headless Chromium, driven by chromedriver over the WebDriver protocol (W3C), as far as these tests need it. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Keys as WebDriver writes them. */
    static final String ENTER = "\uE007";

    static final String ESCAPE = "\uE00C";
    static final String DOWN = "\uE015";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process driver;
    private final URI base;
    private String session;

    private Browser(Process driver, URI base) {
        this.driver = driver;
        this.base = base;
    }

    /** Whether there is a browser to drive. */
    static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    static String missing() {
        return "needs " + CHROMIUM + " and " + DRIVER + " (Debian: apt-get install chromium chromium-driver)";
    }

    /** @param scratch a new, empty directory for all that the browser leaves behind */
    static Browser start(Path scratch) throws Exception {
        Path log = scratch.resolve("chromedriver.log");
        Process driver = new ProcessBuilder(DRIVER.toString(), "--port=0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Browser browser = new Browser(driver, URI.create("http://127.0.0.1:" + portOf(driver, log)));
        try {
            browser.open(scratch.resolve("profile"));
            return browser;
        } catch (Exception | AssertionError e) {
            browser.close();
            throw e;
        }
    }

    private static int portOf(Process driver, Path log) {
        String says = "started successfully on port ";
        String[] text = {""};
        Await.until(
                () -> (text[0] = read(log)).contains(says) || !driver.isAlive(), () -> "chromedriver says " + text[0]);
        String behind = text[0].substring(text[0].indexOf(says) + says.length());
        return Integer.parseInt(behind.split("\\D", 2)[0]);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }

    private void open(Path profile) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1440,1000",
                "--user-data-dir=" + profile);
        ObjectNode request = JSON.createObjectNode();
        ObjectNode all = request.putObject("capabilities").putObject("alwaysMatch");
        all.put("browserName", "chrome");
        all.putObject("goog:loggingPrefs").put("browser", "ALL").put("performance", "ALL");
        ObjectNode chrome = all.putObject("goog:chromeOptions");
        chrome.put("binary", CHROMIUM.toString());
        chrome.set("args", JSON.valueToTree(arguments));
        session = call("POST", "/session", request).get("sessionId").asText();
    }

    /** Leaves the page, and forgets what it logged. */
    void leave() throws IOException, InterruptedException {
        go(URI.create("about:blank"));
        consoleErrors();
        requests();
    }

    void go(URI page) throws IOException, InterruptedException {
        command("/url", Map.of("url", page.toString()));
    }

    /** Runs the body of a function in the page and returns what it returns. */
    JsonNode run(String script, Object... arguments) {
        try {
            return command("/execute/sync", Map.of("script", script, "args", Arrays.asList(arguments)));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the browser does not answer", e);
        }
    }

    /** The text of the first element that matches; empty where there is none. */
    JsonNode text(String selector) {
        return run("return document.querySelector(arguments[0])?.textContent ?? ''", selector);
    }

    /** Clicks where the element is, as a mouse does; on the next one where a moving list has taken it away meanwhile. */
    void click(String selector) {
        until(
                () -> {
                    try {
                        command("/element/" + element(selector) + "/click", Map.of());
                        return true;
                    } catch (IOException | InterruptedException e) {
                        if (String.valueOf(e.getMessage()).contains("stale element reference")) {
                            return false;
                        }
                        throw new AssertionError("no click on " + selector, e);
                    }
                },
                "a click on " + selector);
    }

    void type(String selector, String keys) throws IOException, InterruptedException {
        command("/element/" + element(selector) + "/value", Map.of("text", keys));
    }

    /** Presses keys where the focus is. */
    void press(String keys) throws IOException, InterruptedException {
        JsonNode active = call("GET", "/session/" + session + "/element/active", null);
        command("/element/" + active.get(ELEMENT).asText() + "/value", Map.of("text", keys));
    }

    private String element(String selector) throws IOException, InterruptedException {
        return command("/element", Map.of("using", "css selector", "value", selector))
                .get(ELEMENT)
                .asText();
    }

    /** Shows the page as a device with these media features does. */
    void media(boolean dark, int width, int height) throws IOException, InterruptedException {
        cdp(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        cdp(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
    }

    private void cdp(String method, Map<String, Object> parameters) throws IOException, InterruptedException {
        command("/goog/cdp/execute", Map.of("cmd", method, "params", parameters));
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        JsonNode png = call("GET", "/session/" + session + "/screenshot", null);
        Files.write(file, Base64.getDecoder().decode(png.asText()));
    }

    /** What the console shows as errors since the last call. */
    List<String> consoleErrors() throws IOException, InterruptedException {
        List<String> errors = new ArrayList<>();
        for (JsonNode entry : command("/se/log", Map.of("type", "browser"))) {
            if (entry.get("level").asText().equals("SEVERE")) {
                errors.add(entry.get("message").asText());
            }
        }
        return errors;
    }

    /** The addresses that the page asked for since the last call. */
    List<URI> requests() throws IOException, InterruptedException {
        List<URI> addresses = new ArrayList<>();
        for (JsonNode entry : command("/se/log", Map.of("type", "performance"))) {
            JsonNode message = JSON.readTree(entry.get("message").asText()).get("message");
            if (message.get("method").asText().equals("Network.requestWillBeSent")) {
                addresses.add(URI.create(message.at("/params/request/url").asText()));
            }
        }
        return addresses;
    }

    void until(BooleanSupplier condition, String what) {
        Await.until(
                condition,
                () -> what + "; the page says: "
                        + text("main").asText().replaceAll("\\s+", " ").strip());
    }

    private JsonNode command(String path, Map<String, ?> body) throws IOException, InterruptedException {
        return call("POST", "/session/" + session + path, JSON.valueToTree(body));
    }

    private JsonNode call(String method, String path, JsonNode body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(ANSWER)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                .build();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode value = JSON.readTree(answer.body()).get("value");
        if (answer.statusCode() != 200) {
            throw new IOException(
                    method + " " + path + ": " + value.path("error").asText() + ": "
                            + value.path("message").asText());
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        try {
            if (session != null) {
                call("DELETE", "/session/" + session, null);
            }
            driver.destroy();
            driver.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // What a driver that hangs has not ended itself.
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
    }
}
