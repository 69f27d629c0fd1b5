package dev.jetstream.common;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * A 64-bit hash of bytes with a secret key, for tables whose keys clients or relays choose: without the key nobody can choose keys
 * that collide. Each word is multiplied by a secret to 128 bits, whose halves are combined, so that no difference between two
 * inputs has a predictable effect. Immutable; any thread.
 */
public final class SeededHash {
    /** The key of this process. */
    public static final SeededHash OF_PROCESS = random(new SecureRandom());

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long start;
    private final long factor;

    /** @param factor made odd */
    SeededHash(long start, long factor) {
        this.start = start;
        this.factor = factor | 1;
    }

    private static SeededHash random(SecureRandom random) {
        return new SeededHash(random.nextLong(), random.nextLong());
    }

    /** The hash of the bytes from {@code from} to before {@code to}. */
    public long of(byte[] bytes, int from, int to) {
        long hash = start ^ to - from;
        int at = from;
        for (; to - at >= Long.BYTES; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = rest << 8 | bytes[at] & 0xFF;
        }
        return mix(mix(hash ^ rest));
    }

    private long mix(long value) {
        return value * factor ^ Math.multiplyHigh(value, factor);
    }
}
