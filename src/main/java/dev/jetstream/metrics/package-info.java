/**
 * Instruments and the Prometheus page; the only package that knows Kamon.
 *
 * <p>Each package creates its instruments in one class, such as {@code upstream/UpstreamMetrics}, with
 * {@link dev.jetstream.metrics.Instruments}. Every label has a bounded set of values, and every counter is on the page from
 * the first scrape.
 */
package dev.jetstream.metrics;
