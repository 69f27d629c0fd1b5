package dev.jetstream.event;

import dev.jetstream.common.SeededHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** An immutable set of DIDs, queried with bytes: an open-addressed table of seeded 64-bit hashes beside the DIDs. */
final class DidSet {
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

    /** Approximate bytes of memory. */
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

    /** The greatest number of slots between a DID and the slot of its hash. */
    int maxDisplacement() {
        int max = 0;
        for (int slot = 0; slot < dids.length; slot++) {
            if (dids[slot] != null) {
                max = Math.max(max, slot - (int) hashes[slot] & mask);
            }
        }
        return max;
    }

    /** The sum of the members' hashes: equal for equal sets. */
    long hashSum() {
        long sum = 0;
        for (int slot = 0; slot < dids.length; slot++) {
            sum += hashes[slot];
        }
        return sum;
    }

    /** The hash for {@link #contains}. */
    static long hash(byte[] bytes, int from, int to) {
        return SeededHash.OF_PROCESS.of(bytes, from, to);
    }
}
