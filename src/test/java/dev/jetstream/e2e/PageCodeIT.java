package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jetstream.Patience;
import dev.jetstream.relay.SyntheticOptions;
import java.io.BufferedReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code that the web page gives for other tools, run or compiled as it is copied. */
class PageCodeIT {
    private static final String QUERY = "wantedCollections=app.bsky.feed.*&cursor=1";

    @TempDir
    static Path directory;

    private static Browser browser;
    private static Upstream upstream;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Browser.isInstalled(), Browser.missing());
        upstream = Upstream.start(SyntheticOptions.defaults().withRate(0).withLimit(100), sent -> {});
        server = TestServer.start(directory.resolve("data"), upstream.relay().uri());
        browser = Browser.start(directory);
        ExplorerPage.open(browser, server.address(), QUERY).awaitRows(30);
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

    private static String code(String tool) throws Exception {
        browser.click("#tab-" + tool);
        return browser.text("#code").asText();
    }

    private static boolean has(String tool) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
    }

    private static String output(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void curl_prints_the_events() throws Exception {
        assumeTrue(has("curl"), "needs curl");
        Process curl = new ProcessBuilder("sh", "-c", "exec " + code("curl")).start();
        try (BufferedReader lines = curl.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < 20; i++) {
                JsonNode event = new ObjectMapper().readTree(lines.readLine());
                assertThat(event.get("did").asText()).startsWith("did:");
                assertThat(event.at("/commit/collection").asText("app.bsky.feed."))
                        .startsWith("app.bsky.feed.");
            }
        } finally {
            curl.destroyForcibly();
        }
    }

    @Test
    void javascript_prints_the_events() throws Exception {
        browser.run("window.printed = []; console.log = (...all) => window.printed.push(all);" + code("JavaScript"));
        browser.until(() -> browser.run("return window.printed.length").asInt() >= 20, "20 events printed");
        assertThat(browser.run("return window.printed[0][2].did").asText()).startsWith("did:");
    }

    @Test
    void python_is_python() throws Exception {
        assumeTrue(has("python3"), "needs python3");
        Path file = Files.writeString(directory.resolve("copied.py"), code("Python"));
        assertThat(output("python3", "-m", "py_compile", file.toString())).isEmpty();
    }

    @Test
    void java_compiles_against_the_client() throws Exception {
        String[] parts = code("Java").split("\n\n", 2);
        String source = parts[0] + "\nclass Copied {\n    void run() throws Exception {\n" + parts[1] + "\n    }\n}\n";
        Path file = Files.writeString(directory.resolve("Copied.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assumeTrue(compiler != null, "needs a JDK's compiler");
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-d", directory.toString());
            assertThat(compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                            .call())
                    .as(() -> said + source)
                    .isTrue();
        }
    }
}
