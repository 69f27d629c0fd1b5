package dev.jetstream.event;

import dev.jetstream.websocket.FrameHeader;

/**
 * The messages of a block in one encoding, ready for a socket.
 *
 * @param bytes whole messages, framed, back to back; those of other blocks may precede and follow them
 * @param from offset of the first event's message
 * @param ends offset after each event's message
 */
public record Frames(byte[] bytes, int from, int[] ends) {
    /** Messages that start at the beginning of the array. */
    public Frames(byte[] bytes, int[] ends) {
        this(bytes, 0, ends);
    }

    public int start(int event) {
        return event == 0 ? from : ends[event - 1];
    }

    public int end(int event) {
        return ends[event];
    }

    /** Bytes of an event's message without its header, where the framing is that of websockets. */
    public int payloadLength(int event) {
        int start = start(event);
        return end(event) - start - FrameHeader.length(bytes, start, end(event));
    }

    /** Bytes of all messages, headers included. */
    public int length() {
        return ends[ends.length - 1] - from;
    }

    /** Approximate bytes of memory. */
    public long weight() {
        return length() + 4L * ends.length + 48;
    }
}
