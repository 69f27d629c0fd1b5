package dev.jetstream.http;

import dev.jetstream.net.RequestHead;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The web page at {@code /}: one HTML file, and the files that it loads from a path that contains a fingerprint of their content.
 * So browsers may cache those files forever and never mix two versions. All of it is in memory.
 */
final class Page {
    /** Path prefix of the page's files; the fingerprint and a name follow. */
    static final String ASSETS = "/assets/";

    private static final List<String> OWN = List.of(
            "style.css",
            "app.js",
            "code.js",
            "event.js",
            "feed.js",
            "feed-worker.js",
            "form.js",
            "format.js",
            "list.js",
            "query.js",
            "status.js",
            "tree.js",
            "icon.svg");
    private static final String CHART = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";
    private static final String CHART_VERSION = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
    private static final Map<String, String> TYPES = Map.of(
            "css", "text/css; charset=UTF-8",
            "js", "text/javascript; charset=UTF-8",
            "svg", "image/svg+xml");
    private static final int DIGEST_CHARS = 16;

    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String REVALIDATE = "no-cache";

    /** The page loads, runs and frames only what this server sends; it may open event streams anywhere. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; "
            + "connect-src 'self' ws: wss:; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; "
            + "form-action 'none'";

    /** @param etag of the content, in quotes */
    private record File(String type, byte[] content, String etag) {
        static File of(String type, String text) {
            return new File(type, text.getBytes(StandardCharsets.UTF_8), '"' + digest(text) + '"');
        }
    }

    private final Map<String, File> files = new TreeMap<>();
    private final String fingerprint;
    private final File html;

    /** Reads the files from the jar. */
    Page() {
        OWN.forEach(name -> add(name, resource("/web/" + name)));
        // The source map is not served.
        add("chart.js", resource(chart()).split("\n//# sourceMappingURL=")[0]);
        StringBuilder etags = new StringBuilder();
        files.forEach((name, file) -> etags.append(name).append(file.etag()));
        fingerprint = digest(etags.toString());
        html = File.of(
                "text/html; charset=UTF-8", resource("/web/index.html").replace("@assets@", "assets/" + fingerprint));
    }

    private void add(String name, String text) {
        files.put(name, File.of(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), text));
    }

    /** The page where the client accepts HTML, else a line of text. */
    Answer welcome(RequestHead head) {
        boolean acceptsHtml = head.elements("accept")
                .anyMatch(range -> range.split(";")[0].strip().equalsIgnoreCase("text/html"));
        Answer answer = acceptsHtml ? answer(html, REVALIDATE, head) : Answer.text(200, "Welcome to Jetstream");
        return answer.with("Vary", "Accept");
    }

    /**
     * A file of the page. Another version's fingerprint gets the current file, not to be cached: where several servers share a
     * name, a page of one may ask another.
     */
    Answer asset(RequestHead head) {
        String path = head.path();
        int slash = path.indexOf('/', ASSETS.length());
        File file = slash < 0 ? null : files.get(path.substring(slash + 1));
        if (file == null) {
            return Answer.line(404, "not found");
        }
        boolean isCurrent = path.substring(ASSETS.length(), slash).equals(fingerprint);
        return answer(file, isCurrent ? FOREVER : REVALIDATE, head);
    }

    /** The icon at the path where browsers look for it unasked. */
    Answer icon(RequestHead head) {
        return answer(files.get("icon.svg"), REVALIDATE, head);
    }

    private static Answer answer(File file, String caching, RequestHead head) {
        Answer answer = head.hasToken("if-none-match", file.etag())
                ? Answer.empty(304)
                : new Answer(200, file.type(), file.content());
        return answer.with("Cache-Control", caching)
                .with("ETag", file.etag())
                .with("Content-Security-Policy", POLICY)
                .with("X-Content-Type-Options", "nosniff")
                .with("Referrer-Policy", "no-referrer");
    }

    /** Path of the chart library in its WebJar, which names its own version. */
    private static String chart() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(resource(CHART_VERSION)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CHART.formatted(properties.getProperty("version"));
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar is incomplete: " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha256).substring(0, DIGEST_CHARS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
