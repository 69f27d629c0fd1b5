package dev.jetstream.event;

/**
 * Upstream frames as they came off the socket: payloads of websocket messages, somewhere in one array. Whoever made it writes
 * no more.
 *
 * @param bytes holds the frames
 * @param count how many
 * @param starts offset of each frame's first byte
 * @param ends offset behind each frame
 * @param connection what brought them
 * @param receivedMicros unix microseconds at which the batch was read
 */
public record FrameBatch(
        byte[] bytes, int count, int[] starts, int[] ends, Connection connection, long receivedMicros) {}
