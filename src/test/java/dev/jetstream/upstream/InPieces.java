package dev.jetstream.upstream;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/** A relay's bytes, so many per read as the test says, and then the end of the stream. */
abstract class InPieces implements Transport {
    private final byte[] bytes;
    private final IntSupplier size;
    private int at;

    /** @param from the first of the bytes that are read */
    InPieces(byte[] bytes, int from, IntSupplier size) {
        this.bytes = bytes;
        this.size = size;
        at = from;
    }

    @Override
    public int read(ByteBuffer to) {
        if (!to.hasRemaining()) {
            throw new AssertionError("a read without room");
        }
        if (at == bytes.length) {
            return -1;
        }
        int n = Math.min(Math.min(size.getAsInt(), to.remaining()), bytes.length - at);
        to.put(bytes, at, n);
        at += n;
        return n;
    }
}
