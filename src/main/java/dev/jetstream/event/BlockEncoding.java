package dev.jetstream.event;

/** One way to write a block's events as bytes for a socket. There is one instance of each per process. Any thread. */
public interface BlockEncoding {
    /** The number of encodings that a block has room for. */
    int MAX = 16;

    /** A number of its own, from 0 to before {@link #MAX}. */
    int index();

    /** The uncompressed websocket encoding of the same JSON: its message sizes are what a filter's size limit counts. */
    BlockEncoding plain();

    /** Encodes a block. Called at most a few times per block. */
    Frames encode(EventBlock block);
}
