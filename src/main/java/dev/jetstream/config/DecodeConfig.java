package dev.jetstream.config;

/**
 * {@code jetstream.decode}.
 *
 * @param parallelism batches decoded at the same time
 * @param maxQueueSize batches that may wait between upstream and sequencer
 */
public record DecodeConfig(int parallelism, int maxQueueSize) {}
