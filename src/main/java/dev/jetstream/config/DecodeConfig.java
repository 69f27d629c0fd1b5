package dev.jetstream.config;

/**
 * {@code jetstream.decode}: turning frames into events.
 *
 * @param parallelism batches decoded at the same time, 1 to 1024; given 0 it becomes the number of cores
 * @param maxQueueSize batches that may wait between upstream and sequencer, 1 to 100,000
 */
public record DecodeConfig(int parallelism, int maxQueueSize) {
    /** @throws InvalidSettingsException if a value is out of range */
    public DecodeConfig {
        new Check("jetstream.decode")
                .range("parallelism", parallelism, 0, 1024)
                .range("max-queue-size", maxQueueSize, 1, 100_000)
                .done();
        parallelism = parallelism == 0 ? Runtime.getRuntime().availableProcessors() : parallelism;
    }
}
