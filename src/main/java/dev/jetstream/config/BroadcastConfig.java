package dev.jetstream.config;

/**
 * {@code jetstream.broadcast}: the hub between journal and subscribers.
 *
 * @param bufferBlocks blocks that the hub holds for its consumers; a power of two from 2 to 2048
 */
public record BroadcastConfig(int bufferBlocks) {
    /** @throws InvalidSettingsException if a value is out of range */
    public BroadcastConfig {
        boolean powerOfTwo = Integer.bitCount(bufferBlocks) == 1;
        new Check("jetstream.broadcast")
                .that(
                        powerOfTwo && bufferBlocks >= 2 && bufferBlocks <= 2048,
                        "buffer-blocks",
                        bufferBlocks,
                        "must be a power of two from 2 to 2048")
                .done();
    }
}
