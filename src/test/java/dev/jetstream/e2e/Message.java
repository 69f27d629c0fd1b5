package dev.jetstream.e2e;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks into a v1 message as bytes: its time, and a fingerprint of all the rest. */
final class Message {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int DID_AT = "{\"did\":\"".length();
    private static final int BEFORE_TIME = "\",\"time_us\":".length();
    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

    private Message() {}

    /** The offset of the first digit of {@code time_us}. */
    static int timeAt(byte[] bytes, int from) {
        int at = from + DID_AT;
        while (bytes[at] != '"') {
            at++;
        }
        return at + BEFORE_TIME;
    }

    /** Unix microseconds. */
    static long time(byte[] bytes, int timeAt) {
        long time = 0;
        for (int at = timeAt; bytes[at] >= '0' && bytes[at] <= '9'; at++) {
            time = time * 10 + bytes[at] - '0';
        }
        return time;
    }

    /** The same for two messages that differ in their time alone; different, for all practical purposes, for any others. */
    static long print(byte[] bytes, int from, int to) {
        int timeAt = timeAt(bytes, from);
        int behind = timeAt;
        while (bytes[behind] != ',') {
            behind++;
        }
        return hash(bytes, behind, to, hash(bytes, from, timeAt, PRIME));
    }

    private static long hash(byte[] bytes, int from, int to, long start) {
        long hash = start + (to - from);
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            hash = Long.rotateLeft(hash ^ (long) LONGS.get(bytes, at) * PRIME, 29) * PRIME;
        }
        for (; at < to; at++) {
            hash = Long.rotateLeft(hash ^ bytes[at] * PRIME, 29) * PRIME;
        }
        return hash ^ hash >>> 32;
    }
}
