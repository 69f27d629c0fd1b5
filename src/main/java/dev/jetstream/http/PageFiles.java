package dev.jetstream.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;

/** What the page loads, in memory: our own files, and the plots' library out of its WebJar. */
final class PageFiles {
    private static final String[] OWN = {
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
        "icon.svg"
    };
    private static final String CHART = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.js";
    private static final String VERSION_OF_CHART = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
    private static final String SOURCE_MAP_NOTE = "\n//# sourceMappingURL=";
    private static final Map<String, ContentType> TYPES = Map.of(
            "css", ContentTypes.parse("text/css; charset=UTF-8"),
            "js", ContentTypes.parse("text/javascript; charset=UTF-8"),
            "svg", ContentTypes.parse("image/svg+xml"));
    private static final int DIGEST_CHARS = 16;

    /**
     * One file.
     *
     * @param etag of its content, in quotes
     */
    record File(ContentType type, String text, String etag) {
        static File of(ContentType type, String text) {
            return new File(type, text, '"' + digest(text) + '"');
        }
    }

    private final Map<String, File> byName;
    private final String fingerprint;

    private PageFiles(Map<String, File> byName, String fingerprint) {
        this.byName = Map.copyOf(byName);
        this.fingerprint = fingerprint;
    }

    /** Reads all files. */
    static PageFiles read() {
        Map<String, File> files = new TreeMap<>();
        for (String name : OWN) {
            add(files, name, text("/web/" + name));
        }
        // The map itself is not served.
        add(files, "chart.js", text(chart()).split(SOURCE_MAP_NOTE)[0]);
        StringBuilder etags = new StringBuilder();
        files.forEach((name, file) -> etags.append(name).append(file.etag()));
        return new PageFiles(files, digest(etags.toString()));
    }

    /** The WebJar says itself of which version it is. */
    private static String chart() {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text(VERSION_OF_CHART)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return CHART.formatted(properties.getProperty("version"));
    }

    private static void add(Map<String, File> files, String name, String text) {
        ContentType type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        files.put(name, File.of(type, text));
    }

    /** Changes with any of the files. */
    String fingerprint() {
        return fingerprint;
    }

    Optional<File> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** A text out of the jar. */
    static String text(String resource) {
        try (InputStream in = PageFiles.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the program is incomplete: " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
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
