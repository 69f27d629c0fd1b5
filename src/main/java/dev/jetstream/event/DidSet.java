package dev.jetstream.event;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** A set of DIDs that is asked with bytes: an open-addressed table of 64-bit hashes beside the DIDs. Immutable. */
final class DidSet {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long PRIME = 0x9E3779B97F4A7C15L;

    private final long[] hashes;
    private final byte[][] dids;
    private final int mask;

    DidSet(Collection<String> members) {
        int slots = Integer.highestOneBit(Math.max(4, members.size() * 4));
        hashes = new long[slots];
        dids = new byte[slots][];
        mask = slots - 1;
        for (String member : members) {
            byte[] did = member.getBytes(StandardCharsets.UTF_8);
            long hash = hash(did, 0, did.length);
            int slot = (int) hash & mask;
            while (dids[slot] != null) {
                slot = slot + 1 & mask;
            }
            hashes[slot] = hash;
            dids[slot] = did;
        }
    }

    /** About how many bytes of memory it takes. */
    long bytes() {
        long bytes = 12L * hashes.length;
        for (byte[] did : dids) {
            bytes += did == null ? 0 : 16 + did.length;
        }
        return bytes;
    }

    boolean contains(long hash, byte[] bytes, int from, int to) {
        for (int slot = (int) hash & mask; dids[slot] != null; slot = slot + 1 & mask) {
            if (hashes[slot] == hash && Arrays.equals(dids[slot], 0, dids[slot].length, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** A hash of the bytes; the same on every machine. */
    static long hash(byte[] bytes, int from, int to) {
        long hash = (to - from) * PRIME;
        int at = from;
        for (; to - at >= 8; at += 8) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long rest = 0;
        for (; at < to; at++) {
            rest = rest << 8 | bytes[at] & 0xFF;
        }
        return mix(hash ^ rest);
    }

    private static long mix(long value) {
        long mixed = value * PRIME;
        return mixed ^ mixed >>> 29;
    }
}
