package dev.jetstream.event;

/**
 * The messages of a block in one representation, ready for a socket.
 *
 * @param bytes whole messages, framed, back to back
 * @param ends offset behind each event's message
 */
public record Frames(byte[] bytes, int[] ends) {
    public int start(int event) {
        return event == 0 ? 0 : ends[event - 1];
    }

    public int end(int event) {
        return ends[event];
    }

    /** Bytes of memory that these hold, roughly. */
    public long weight() {
        return bytes.length + 4L * ends.length + 48;
    }
}
