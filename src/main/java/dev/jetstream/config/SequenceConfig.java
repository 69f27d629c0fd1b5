package dev.jetstream.config;

import java.time.Duration;

/**
 * {@code jetstream.sequence}: when a block is cut.
 *
 * @param minInterval minimum time between two cuts with few subscribers
 * @param maxInterval minimum time between two cuts with many
 * @param maxEvents a block ends at this many events, or a few more, as a frame is never split
 * @param maxBytes a block ends at this many bytes of messages
 */
public record SequenceConfig(Duration minInterval, Duration maxInterval, int maxEvents, int maxBytes) {
    public SequenceConfig {
        new Check("sequence")
                .range("min-interval", minInterval, Duration.ZERO, Duration.ofSeconds(1))
                .range("max-interval", maxInterval, Duration.ZERO, Duration.ofSeconds(5))
                .that(
                        maxInterval.compareTo(minInterval) >= 0,
                        "max-interval",
                        Values.format(maxInterval),
                        "must not be less than jetstream.sequence.min-interval (" + Values.format(minInterval) + ")")
                .range("max-events", maxEvents, 1, 100_000)
                .bytes("max-bytes", maxBytes, 4 << 10, 64 << 20)
                .done();
    }
}
