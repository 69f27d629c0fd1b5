package dev.jetstream.client;

import java.util.concurrent.atomic.LongAdder;

/** What {@link JetstreamStats} is read from. */
final class Counters {
    final LongAdder connections = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder repeats = new LongAdder();
    final LongAdder malformed = new LongAdder();
    final LongAdder oversized = new LongAdder();
    final LongAdder unknown = new LongAdder();

    JetstreamStats stats(long delivered) {
        return new JetstreamStats(
                connections.sum(),
                received.sum(),
                repeats.sum(),
                malformed.sum(),
                oversized.sum(),
                unknown.sum(),
                delivered);
    }
}
