package dev.jetstream.client;

import java.util.concurrent.atomic.LongAdder;

/** Counters of all subscriptions of a {@link Jetstream}. Thread-safe. */
final class ClientCounters {
    final LongAdder connections = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder repeats = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder oversized = new LongAdder();
    final LongAdder unknown = new LongAdder();
    final LongAdder delivered = new LongAdder();

    JetstreamStats stats() {
        return new JetstreamStats(
                connections.sum(),
                received.sum(),
                repeats.sum(),
                malformed.sum(),
                oversized.sum(),
                unknown.sum(),
                delivered.sum());
    }
}
