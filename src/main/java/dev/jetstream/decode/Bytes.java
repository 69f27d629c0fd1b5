package dev.jetstream.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads and writes several bytes at once. */
final class Bytes {
    static final VarHandle LITTLE_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle BIG_LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LITTLE_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle BIG_SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    /** Eight bytes from {@code at}, the first one lowest; zeros past the array's end. */
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

    /** What {@link #name(byte[], int, int)} returns for a name of at most eight bytes. */
    static long name(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return name(bytes, 0, bytes.length);
    }

    /** The bytes {@code [at, at + length)} as one number, the first one lowest; -1, which no text has, if there are more than eight. */
    static long name(byte[] bytes, int at, int length) {
        if (length > Long.BYTES) {
            return -1;
        }
        return length == 0 ? 0 : wordAt(bytes, at) & -1L >>> (Long.BYTES - length) * Byte.SIZE;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
