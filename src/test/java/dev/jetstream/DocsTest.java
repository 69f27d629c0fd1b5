package dev.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name only what there is: files, sections, settings, metrics, tests. */
class DocsTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
    private static final Pattern KEY = Pattern.compile("(?<![\\w.])jetstream(?:\\.[a-z][a-z-]*){1,2}(?![\\w.(-]|/)");
    private static final Pattern VARIABLE = Pattern.compile("\\bJETSTREAM_[A-Z0-9_]*[A-Z0-9]\\b");
    private static final Pattern METRIC =
            Pattern.compile("\\b(?:jetstream|consumer|indigo|process|jvm)_[a-z0-9_]+(?![\\w.]|…)");
    private static final Pattern MADE = Pattern.compile(
            "(counter|gauge|signedGauge|computedGauge|seconds|numbers|nanoseconds|milliseconds|processed)\\(\\s*\"([a-z_]+)\"");
    private static final Pattern TEST = Pattern.compile("(?<![\\w…])[A-Z]\\w+(?:Test|IT)\\b");
    private static final Pattern CODE_PATH =
            Pattern.compile("`((?:src|docs|docker|deploy|conf|\\.ci)/[\\w./-]+|(?:[a-z]+/)+[A-Z]\\w+)`");

    /** Ends of names that are files, not keys. */
    private static final Set<String> FILES = Set.of("jar", "service", "json", "txt", "yaml", "md", "conf");

    /** Names that are no settings: what Kubernetes and the Go server's compose file put there. */
    private static final Set<String> IGNORED = Set.of("JETSTREAM_PORT", "JETSTREAM_SERVICE_HOST", "JETSTREAM_VERSION");

    private static Stream<Path> in(String directory) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(directory))) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> top = Files.list(Path.of(""))) {
            return Stream.concat(top, in("docs"))
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> documentsAndDeployments() throws IOException {
        List<Path> all = new ArrayList<>(documents());
        for (String directory : List.of("deploy", "docker", "conf")) {
            in(directory).forEach(all::add);
        }
        all.add(Path.of("Dockerfile"));
        return all;
    }

    private static Set<String> anchors(String markdown) {
        Matcher heading = HEADING.matcher(FENCE.matcher(markdown).replaceAll(""));
        Set<String> anchors = new HashSet<>();
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{Alnum} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }

    @Test
    void theDocumentsAreThere() throws IOException {
        assertThat(documents())
                .contains(
                        Path.of("README.md"),
                        Path.of("CONTRIBUTING.md"),
                        Path.of("SECURITY.md"),
                        Path.of("docs/architecture.md"),
                        Path.of("docs/operations.md"),
                        Path.of("docs/protocol.md"),
                        Path.of("docs/testing.md"));
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher link = LINK.matcher(FENCE.matcher(text).replaceAll(""));
            while (link.find()) {
                if (link.group(1).contains(":")) {
                    continue;
                }
                links++;
                Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                String anchor = link.group(2);
                boolean good = Files.exists(target)
                        && (anchor == null || anchors(Files.readString(target)).contains(anchor));
                if (!good) {
                    broken.add(document + ": " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(15);
    }

    @Test
    void everySettingExists() throws IOException {
        Config reference = ConfigFactory.parseResources(getClass().getClassLoader(), "reference.conf");
        Set<String> variables = new HashSet<>(IGNORED);
        Matcher variable = VARIABLE.matcher(Files.readString(Path.of("src/main/resources/reference.conf")));
        while (variable.find()) {
            variables.add(variable.group());
        }
        Set<String> unknown = new TreeSet<>();
        int known = 0;
        for (Path document : documentsAndDeployments()) {
            String text = Files.readString(document);
            for (String key : found(KEY, text)) {
                if (reference.hasPath(key)) {
                    known++;
                } else if (!FILES.contains(key.substring(key.lastIndexOf('.') + 1))) {
                    unknown.add(document + ": " + key);
                }
            }
            found(VARIABLE, text).stream()
                    .filter(name -> !variables.contains(name))
                    .forEach(name -> unknown.add(document + ": " + name));
        }
        assertThat(unknown).isEmpty();
        assertThat(known).isGreaterThan(20);
    }

    @Test
    void everyMetricIsMadeSomewhere() throws IOException {
        Set<String> made = new HashSet<>();
        for (Path source : in("src/main/java/dev/jetstream").toList()) {
            Matcher instrument = MADE.matcher(Files.readString(source));
            while (instrument.find()) {
                exported(instrument.group(1), instrument.group(2)).forEach(made::add);
            }
        }
        assertThat(made).contains("consumer_last_seq", "jetstream_journal_write_seconds_bucket");
        Set<String> unknown = new TreeSet<>();
        for (Path document : documents()) {
            found(METRIC, Files.readString(document)).stream()
                    .filter(name -> !made.contains(name))
                    .forEach(name -> unknown.add(document + ": " + name));
        }
        assertThat(unknown).isEmpty();
    }

    /** Names on the page, as {@code metrics.Instruments} says. */
    private static Stream<String> exported(String kind, String name) {
        return switch (kind) {
            case "counter", "processed" -> Stream.of(name + "_total");
            case "milliseconds" -> Stream.of(name + "_seconds_total");
            case "gauge", "computedGauge" -> Stream.of(name);
            default -> {
                String base = kind.equals("seconds") ? name + "_seconds" : name;
                yield Stream.of(base, base + "_bucket", base + "_sum", base + "_count");
            }
        };
    }

    @Test
    void everyTestAndFileThatIsNamedExists() throws IOException {
        Set<String> tests = in("src/test/java")
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            found(TEST, text).stream()
                    .filter(name -> !tests.contains(name))
                    .forEach(name -> missing.add(document + ": " + name));
            Matcher path = CODE_PATH.matcher(text);
            while (path.find()) {
                String name = path.group(1);
                boolean there = Files.exists(Path.of(name))
                        || Files.exists(Path.of("src/main/java/dev/jetstream", name + ".java"));
                if (!there) {
                    missing.add(document + ": " + name);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group()).collect(Collectors.toSet());
    }
}
