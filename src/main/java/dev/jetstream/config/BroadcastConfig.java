package dev.jetstream.config;

/**
 * {@code jetstream.broadcast}.
 *
 * @param bufferBlocks blocks that the hub holds for its consumers; a power of two
 */
public record BroadcastConfig(int bufferBlocks) {}
