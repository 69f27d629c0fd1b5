package dev.jetstream.journal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** A growing byte array. Numbers take seven bits a byte, the low ones first. Not thread-safe; each thread reuses its own two. */
final class ByteWriter {
    private static final int CAPACITY = 1 << 20;

    /** Larger arrays are not kept. */
    private static final int MAX_KEPT = 4 << 20;

    private static final ThreadLocal<ByteWriter> BODY = ThreadLocal.withInitial(() -> new ByteWriter(CAPACITY));
    private static final ThreadLocal<ByteWriter> ENCODED = ThreadLocal.withInitial(() -> new ByteWriter(CAPACITY));

    private byte[] bytes;
    private int size;

    ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    /** This thread's buffer for a body, empty. */
    static ByteWriter forBody() {
        return BODY.get().clear();
    }

    /** This thread's buffer for an encoded block, empty. */
    static ByteWriter forBlock() {
        return ENCODED.get().clear();
    }

    private ByteWriter clear() {
        size = 0;
        return this;
    }

    /** Ends the use of this thread's buffers. */
    static void release() {
        for (ThreadLocal<ByteWriter> buffer : List.of(BODY, ENCODED)) {
            if (buffer.get().bytes.length > MAX_KEPT) {
                buffer.remove();
            }
        }
    }

    int size() {
        return size;
    }

    /** The written bytes, followed by leftovers after {@link #size()}. */
    byte[] array() {
        return bytes;
    }

    void putByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void putVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        putVarint(utf8.length);
        put(utf8, 0, utf8.length);
    }

    void put(byte[] from, int at, int length) {
        reserve(length);
        System.arraycopy(from, at, bytes, size, length);
        size += length;
    }

    void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(
                    bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(2L * bytes.length, (long) size + more)));
        }
    }
}
