package dev.jetstream.event;

import dev.jetstream.common.SeededHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** An immutable set of texts, queried with UTF-8 bytes: an open-addressed table of seeded 64-bit hashes beside the texts. */
final class TextSet {
    /** Decides about a member of the set. */
    interface Member {
        void take(long hash, byte[] text);
    }

    private final long[] hashes;
    private final byte[][] texts;
    private final int mask;
    private final int size;

    /** @param members without repeats */
    TextSet(Collection<String> members) {
        int slots = Integer.highestOneBit(Math.max(4, members.size() * 4));
        hashes = new long[slots];
        texts = new byte[slots][];
        mask = slots - 1;
        size = members.size();
        for (String member : members) {
            byte[] text = member.getBytes(StandardCharsets.UTF_8);
            long hash = hash(text, 0, text.length);
            int slot = (int) hash & mask;
            while (texts[slot] != null) {
                slot = slot + 1 & mask;
            }
            hashes[slot] = hash;
            texts[slot] = text;
        }
    }

    /** A set of these, or null where there are none. */
    static TextSet orNull(Collection<String> members) {
        return members.isEmpty() ? null : new TextSet(members);
    }

    int size() {
        return size;
    }

    /** Approximate bytes of memory. */
    long bytes() {
        long bytes = 12L * hashes.length;
        for (byte[] text : texts) {
            bytes += text == null ? 0 : 16 + text.length;
        }
        return bytes;
    }

    /** @param hash of {@code bytes[from, to)} */
    boolean contains(long hash, byte[] bytes, int from, int to) {
        for (int slot = (int) hash & mask; texts[slot] != null; slot = slot + 1 & mask) {
            if (hashes[slot] == hash && Arrays.equals(texts[slot], 0, texts[slot].length, bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    void forEach(Member member) {
        for (int slot = 0; slot < texts.length; slot++) {
            if (texts[slot] != null) {
                member.take(hashes[slot], texts[slot]);
            }
        }
    }

    /** The greatest number of slots between a text and the slot of its hash. */
    int maxDisplacement() {
        int max = 0;
        for (int slot = 0; slot < texts.length; slot++) {
            if (texts[slot] != null) {
                max = Math.max(max, slot - (int) hashes[slot] & mask);
            }
        }
        return max;
    }

    /** The sum of the members' hashes: equal for equal sets. */
    long hashSum() {
        long sum = 0;
        for (int slot = 0; slot < texts.length; slot++) {
            sum += hashes[slot];
        }
        return sum;
    }

    /** The hash for {@link #contains}. */
    static long hash(byte[] bytes, int from, int to) {
        return SeededHash.OF_PROCESS.of(bytes, from, to);
    }
}
