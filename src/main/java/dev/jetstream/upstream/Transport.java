package dev.jetstream.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The decrypted bytes of one connection. For one thread; closing the channel from another thread ends its calls. */
interface Transport {
    /**
     * Waits for at least one byte and takes all available ones.
     *
     * @param to with room for at least one byte
     * @return the number of bytes, or -1 at the end of the stream
     */
    int read(ByteBuffer to) throws IOException;

    /** Writes all bytes, and waits until the socket has taken them. */
    void write(ByteBuffer from) throws IOException;

    /** The channel without TLS: {@code ws://}. */
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
