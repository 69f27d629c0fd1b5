package dev.jetstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jetstream.http.WireClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A scrape of the metrics page, as Prometheus reads it. */
final class Scrape {
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (NaN|[+-]Inf|[0-9.eE+-]+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (counter|gauge|histogram|summary|untyped)");

    private final Map<String, Double> samples = new HashMap<>();
    private final Map<String, String> types = new HashMap<>();

    private Scrape() {}

    static Scrape of(InetSocketAddress metrics) throws IOException {
        try (WireClient client = new WireClient(metrics)) {
            WireClient.HttpAnswer answer = client.get("/metrics");
            assertThat(answer.status()).isEqualTo(200);
            return parse(answer.body());
        }
    }

    static Scrape parse(String page) {
        Scrape scrape = new Scrape();
        page.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("# HELP "))
                .forEach(scrape::line);
        return scrape;
    }

    private void line(String line) {
        Matcher type = TYPE.matcher(line);
        Matcher sample = SAMPLE.matcher(line);
        if (type.matches()) {
            assertThat(types.put(type.group(1), type.group(2))).as(line).isNull();
        } else {
            assertThat(sample.matches()).as(line).isTrue();
            String key = sample.group(1) + labels(sample.group(2));
            assertThat(samples.put(key, Double.parseDouble(sample.group(3))))
                    .as(line)
                    .isNull();
        }
    }

    private static String labels(String text) {
        return text == null || text.isEmpty()
                ? ""
                : Arrays.stream(text.split(",")).sorted().collect(Collectors.joining(",", "{", "}"));
    }

    boolean has(String sample) {
        return samples.containsKey(sample);
    }

    /** Whether there is any sample of this name, whatever its labels. */
    boolean hasName(String name) {
        return has(name) || samples.keySet().stream().anyMatch(key -> key.startsWith(name + "{"));
    }

    /** Names of all labels that samples of this name have. */
    Set<String> labelNames(String name) {
        return all(name).keySet().stream()
                .flatMap(labels -> LABEL.matcher(labels).results())
                .map(label -> label.group(1))
                .collect(Collectors.toSet());
    }

    /** The value of a sample: its name, and its labels in order of their names. */
    double value(String sample) {
        assertThat(samples).containsKey(sample);
        return samples.get(sample);
    }

    /** What was added to a sample since another scrape. */
    double since(Scrape before, String sample) {
        return value(sample) - before.value(sample);
    }

    /** counter, gauge or histogram. */
    String type(String name) {
        return types.get(name);
    }

    /** All samples of a name, by their labels. */
    Map<String, Double> all(String name) {
        return samples.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(name + "{"))
                .collect(Collectors.toMap(entry -> entry.getKey().substring(name.length()), Map.Entry::getValue));
    }

    @Override
    public String toString() {
        return samples.entrySet().stream()
                .filter(entry -> entry.getValue() != 0)
                .sorted(Map.Entry.comparingByKey())
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }
}
