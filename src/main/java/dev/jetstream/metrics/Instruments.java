package dev.jetstream.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;
import kamon.Kamon;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/** Makes instruments. Asking twice for the same name and labels gives the same instrument of Kamon's. */
public final class Instruments {
    private static final Map<String, SignedGauge> SIGNED = new ConcurrentHashMap<>();

    private Instruments() {}

    /** A counter without a unit, so that its exported name is {@code name} plus {@code _total}. */
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

    /** A counter to which nanoseconds are added; exported as {@code name_seconds_total}. */
    public static Counter nanoseconds(String name, String description) {
        return new Counter(
                Kamon.counter(name, description, MeasurementUnit.time().nanoseconds())
                        .withoutTags());
    }

    /** A counter to which milliseconds are added; exported as {@code name_seconds_total}. */
    public static Counter milliseconds(String name, String description) {
        return new Counter(
                Kamon.counter(name, description, MeasurementUnit.time().milliseconds())
                        .withoutTags());
    }

    public static Gauge gauge(String name, String description) {
        return new Gauge(Kamon.gauge(name, description).withoutTags());
    }

    public static Gauge gauge(String name, String description, String label, String value) {
        return new Gauge(Kamon.gauge(name, description).withTags(TagSet.of(label, value)));
    }

    /** A gauge that may be negative. */
    public static SignedGauge signedGauge(String name, String description) {
        return SIGNED.computeIfAbsent(name, ignored -> {
            SignedGauge gauge = new SignedGauge();
            OwnSamples.add(name, description, "gauge", () -> name + " " + gauge.value() + "\n");
            return gauge;
        });
    }

    /** A gauge whose value is computed when the page is written; of two with one name, the later one is shown. */
    public static void computedGauge(String name, String description, DoubleSupplier value) {
        OwnSamples.add(name, description, "gauge", () -> name + " " + value.getAsDouble() + "\n");
    }

    /** A histogram of seconds; values are kept in nanoseconds and exported as {@code name_seconds}. */
    public static Histogram seconds(String name, String description) {
        return new Histogram(
                Kamon.histogram(name, description, MeasurementUnit.time().nanoseconds())
                        .withoutTags(),
                Duration.ofSeconds(1).toNanos());
    }

    /** A histogram of plain whole numbers. */
    public static Histogram numbers(String name, String description) {
        return new Histogram(Kamon.histogram(name, description).withoutTags(), 1);
    }
}
