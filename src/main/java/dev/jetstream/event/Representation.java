package dev.jetstream.event;

/** One form that events are sent in: a format, its framing, compressed or not. There is one instance of each per process. */
public interface Representation {
    /** The most representations that there may be. */
    int MOST = Form.values().length;

    /** A number of its own, from 0 to before {@link #MOST}. */
    int index();

    /** The shape of the JSON. */
    Format format();

    /** The uncompressed representation of the same format, framed as websocket text. */
    Representation plain();

    /** How whatever else goes out on such a connection is framed. */
    Framing framing();

    /** Makes the block's frames. Called at most a few times per block; any thread. */
    Frames render(EventBlock block);
}
