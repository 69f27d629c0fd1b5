package dev.jetstream.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads and writes of several bytes at once. */
final class Bytes {
    static final VarHandle LITTLE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle BIG_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LITTLE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BIG_SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

    private Bytes() {}

    /** Up to eight bytes from {@code at}, the first one lowest; zeros for those behind the array's end. */
    static long wordAt(byte[] bytes, int at) {
        if (bytes.length - at >= Long.BYTES) {
            return (long) LITTLE_LONG.get(bytes, at);
        }
        long word = 0;
        for (int i = bytes.length - 1; i >= at; i--) {
            word = word << 8 | bytes[i] & 0xFF;
        }
        return word;
    }

    /**
     * A name of at most eight bytes, the first one lowest, zeros behind it: what {@link #name(byte[], int, int)} gives for it.
     */
    static long name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return name(bytes, 0, bytes.length);
    }

    /** The bytes {@code [at, at + length)} as one number when there are at most eight; -1, which no text gives, when more. */
    static long name(byte[] bytes, int at, int length) {
        if (length > Long.BYTES) {
            return -1;
        }
        return length == 0 ? 0 : wordAt(bytes, at) & -1L >>> (Long.BYTES - length) * Byte.SIZE;
    }

    /** A hash of {@code [at, at + length)}; with a seed that senders do not know, they cannot choose bytes that collide. */
    static long hash(long seed, byte[] bytes, int at, int length) {
        long hash = seed ^ length;
        int end = at + length;
        int i = at;
        for (; end - i >= Long.BYTES; i += Long.BYTES) {
            hash = mix(hash ^ wordAt(bytes, i));
        }
        return i < end ? mix(hash ^ name(bytes, i, end - i)) : hash;
    }

    private static long mix(long value) {
        long mixed = value * PRIME;
        return mixed ^ mixed >>> 32;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
