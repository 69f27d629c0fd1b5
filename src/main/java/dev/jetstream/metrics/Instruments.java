package dev.jetstream.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import kamon.Kamon;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/**
 * Creates instruments. Counters and histograms with the same name and labels share Kamon's instrument. Gauges are written
 * without Kamon, whose gauges cannot be negative or NaN; the latest with a name and labels is shown.
 */
public final class Instruments {
    /** The samples of a metric that is written without Kamon, by name and labels. */
    private record Family(String head, Map<String, DoubleSupplier> samples) {}

    private static final Map<String, Family> FAMILIES = new TreeMap<>();

    private Instruments() {}

    /** A counter, exported as {@code name_total}. */
    public static Counter counter(String name, String description) {
        return new Counter(Kamon.counter(name, description).withoutTags());
    }

    public static Counter counter(String name, String description, String label, String value) {
        return new Counter(Kamon.counter(name, description).withTags(TagSet.of(label, value)));
    }

    /** A counter with two labels. */
    public static Counter counter(
            String name, String description, String label, String value, String label2, String value2) {
        TagSet labels = TagSet.builder().add(label, value).add(label2, value2).build();
        return new Counter(Kamon.counter(name, description).withTags(labels));
    }

    /** A counter of milliseconds, exported as {@code name_seconds_total}. */
    public static Counter milliseconds(String name, String description) {
        MeasurementUnit unit = MeasurementUnit.time().milliseconds();
        return new Counter(Kamon.counter(name, description, unit).withoutTags());
    }

    public static Gauge gauge(String name, String description) {
        Gauge gauge = new Gauge();
        computedGauge(name, description, gauge::value);
        return gauge;
    }

    public static Gauge gauge(String name, String description, String label, String value) {
        Gauge gauge = new Gauge();
        sample(name, description, "gauge", labelled(name, label, value), gauge::value);
        return gauge;
    }

    /** A gauge whose value is computed when the page is written. */
    public static void computedGauge(String name, String description, DoubleSupplier value) {
        sample(name, description, "gauge", name, value);
    }

    static String labelled(String name, String label, String value) {
        return name + "{" + label + "=\"" + value + "\"}";
    }

    /**
     * Adds a sample that is computed when the page is written.
     *
     * @param type Prometheus' type, such as {@code gauge}
     * @param sample name of the sample, with its labels
     */
    static synchronized void sample(String name, String description, String type, String sample, DoubleSupplier value) {
        String head = "# HELP " + name + " " + description + "\n# TYPE " + name + " " + type + "\n";
        FAMILIES.computeIfAbsent(name, ignored -> new Family(head, new TreeMap<>()))
                .samples
                .put(sample, value);
    }

    /** All metrics that are written without Kamon, as Prometheus text. */
    static synchronized String text() {
        StringBuilder text = new StringBuilder();
        for (Family family : FAMILIES.values()) {
            text.append(family.head);
            family.samples.forEach((sample, value) ->
                    text.append(sample).append(' ').append(value.getAsDouble()).append('\n'));
        }
        return text.toString();
    }

    /** A histogram of seconds, exported as {@code name_seconds}. */
    public static Histogram seconds(String name, String description) {
        MeasurementUnit unit = MeasurementUnit.time().nanoseconds();
        return new Histogram(
                Kamon.histogram(name, description, unit).withoutTags(),
                Duration.ofSeconds(1).toNanos());
    }

    /** A histogram of whole numbers. */
    public static Histogram numbers(String name, String description) {
        return new Histogram(Kamon.histogram(name, description).withoutTags(), 1);
    }
}
