package dev.jetstream.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The metrics that the page writes without Kamon: signed gauges and the summary of garbage collections. Any thread. */
final class OwnSamples {
    private static final Map<String, Supplier<String>> BY_NAME = new TreeMap<>();

    private OwnSamples() {}

    /**
     * Adds a metric; a name that is there already is replaced.
     *
     * @param type Prometheus' word, such as {@code gauge}
     * @param lines its samples, each ending with a line break
     */
    static synchronized void add(String name, String description, String type, Supplier<String> lines) {
        String head = "# HELP " + name + " " + description + "\n# TYPE " + name + " " + type + "\n";
        BY_NAME.put(name, () -> head + lines.get());
    }

    /** All of them as Prometheus text. */
    static synchronized String text() {
        StringBuilder text = new StringBuilder();
        BY_NAME.values().forEach(metric -> text.append(metric.get()));
        return text.toString();
    }
}
