package dev.jetstream.stream;

import dev.jetstream.event.BlockEncoding;

/** One form that events are sent in: a format, its framing, compressed or not. There is one instance of each per process. */
public interface Representation extends BlockEncoding {
    /** The shape of the JSON. */
    Format format();

    @Override
    Representation plain();

    /** How whatever else goes out on such a connection is framed. */
    Framing framing();
}
