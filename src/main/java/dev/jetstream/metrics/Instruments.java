package dev.jetstream.metrics;

import java.time.Duration;
import kamon.Kamon;
import kamon.metric.MeasurementUnit;
import kamon.tag.TagSet;

/** Makes instruments. Asking twice for the same name and labels gives the same instrument of Kamon's. */
final class Instruments {
    private Instruments() {}

    /** A counter without a unit, so that its exported name is {@code name} plus {@code _total}. */
    static Counter counter(String name, String description) {
        return new Counter(Kamon.counter(name, description).withoutTags());
    }

    static Counter counter(String name, String description, String label, String value) {
        return new Counter(Kamon.counter(name, description).withTags(TagSet.of(label, value)));
    }

    static Counter counter(String name, String description, TagSet labels) {
        return new Counter(Kamon.counter(name, description).withTags(labels));
    }

    /** Ops by kind and collection. */
    static Counter opsCounter(String kind, String collection) {
        TagSet labels =
                TagSet.builder().add("kind", kind).add("op_path", collection).build();
        return counter("consumer_ops_processed", "Ops of commits by kind and collection", labels);
    }

    /** A counter to which nanoseconds are added; exported as {@code name_seconds_total}. */
    static Counter nanoseconds(String name, String description) {
        return new Counter(
                Kamon.counter(name, description, MeasurementUnit.time().nanoseconds())
                        .withoutTags());
    }

    /** A counter to which milliseconds are added; exported as {@code name_seconds_total}. */
    static Counter milliseconds(String name, String description, String label, String value) {
        return new Counter(
                Kamon.counter(name, description, MeasurementUnit.time().milliseconds())
                        .withTags(TagSet.of(label, value)));
    }

    static Gauge gauge(String name, String description) {
        return new Gauge(Kamon.gauge(name, description).withoutTags());
    }

    static Gauge gauge(String name, String description, String label, String value) {
        return new Gauge(Kamon.gauge(name, description).withTags(TagSet.of(label, value)));
    }

    /** A histogram of seconds; values are kept in nanoseconds and exported as {@code name_seconds}. */
    static Histogram seconds(String name, String description) {
        return new Histogram(
                Kamon.histogram(name, description, MeasurementUnit.time().nanoseconds())
                        .withoutTags(),
                Duration.ofSeconds(1).toNanos());
    }

    /** A histogram of plain whole numbers. */
    static Histogram numbers(String name, String description) {
        return new Histogram(Kamon.histogram(name, description).withoutTags(), 1);
    }
}
