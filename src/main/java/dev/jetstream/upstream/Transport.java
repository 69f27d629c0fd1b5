package dev.jetstream.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bytes of one connection, in the clear. For one thread; closing the channel from another one ends its calls. */
interface Transport {
    /**
     * Waits for at least one byte and takes what is there.
     *
     * @param to with room for at least one byte
     * @return the number of bytes, or -1 at the end of the stream
     */
    int read(ByteBuffer to) throws IOException;

    /** Writes all of it, and waits until the socket took it. */
    void write(ByteBuffer from) throws IOException;

    /** The channel as it is: {@code ws://}. */
    static Transport plain(SocketChannel channel) {
        return new Transport() {
            @Override
            public int read(ByteBuffer to) throws IOException {
                return channel.read(to);
            }

            @Override
            public void write(ByteBuffer from) throws IOException {
                while (from.hasRemaining()) {
                    channel.write(from);
                }
            }
        };
    }
}
