package dev.jetstream.config;

import java.time.Duration;

/**
 * {@code jetstream.sequence}: when a block is cut.
 *
 * @param minInterval least time between two cuts with few subscribers
 * @param maxInterval least time between two cuts with many
 * @param maxEvents a block ends at this many events (a frame is never split, so it may be a few more)
 * @param maxBytes and at this many bytes of messages
 */
public record SequenceConfig(Duration minInterval, Duration maxInterval, int maxEvents, int maxBytes) {}
