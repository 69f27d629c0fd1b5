/**
 * Every instrument, by name; the only package that knows Kamon.
 *
 * <p>Each package on the way of an event has a class here ({@code UpstreamMetrics}, {@code JournalMetrics}, …) that names its
 * instruments. What carries a label has a bounded set of values for it. All counters are on the page from the first scrape.
 */
package dev.jetstream.metrics;
