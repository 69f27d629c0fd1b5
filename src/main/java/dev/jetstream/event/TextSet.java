package dev.jetstream.event;

import dev.jetstream.common.SeededHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * A set of texts, queried with UTF-8 bytes: an open-addressed table of seeded 64-bit hashes beside the texts. Immutable, with value
 * equality.
 */
final class TextSet {
    static final TextSet EMPTY = new TextSet(Set.of());

    /** Memory of a string's headers and of its entry in a set. */
    private static final long BYTES_BESIDE_TEXT = 56;

    /** Takes a member of the set with its {@link TextSet#hash}. */
    interface Visitor {
        void visit(long hash, byte[] text);
    }

    /** Its bins of equal hashes are trees, so strings chosen to collide cost no more than a logarithm. */
    private final Set<String> members;

    private final long[] hashes;
    private final byte[][] texts;
    private final int mask;

    private TextSet(Collection<String> members) {
        this.members = Collections.unmodifiableSet(new HashSet<>(members));
        int slots = Integer.highestOneBit(Math.max(4, this.members.size() * 4));
        hashes = new long[slots];
        texts = new byte[slots][];
        mask = slots - 1;
        for (String member : this.members) {
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

    /** @param members repeats count once */
    static TextSet of(Collection<String> members) {
        return members.isEmpty() ? EMPTY : new TextSet(members);
    }

    Set<String> members() {
        return members;
    }

    int size() {
        return members.size();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Approximate bytes of memory. */
    long bytes() {
        long bytes = isEmpty() ? 0 : 12L * hashes.length;
        for (byte[] text : texts) {
            bytes += text == null ? 0 : 16 + BYTES_BESIDE_TEXT + 2L * text.length;
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

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < texts.length; slot++) {
            if (texts[slot] != null) {
                visitor.visit(hashes[slot], texts[slot]);
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

    /** The hash for {@link #contains}. */
    static long hash(byte[] bytes, int from, int to) {
        return SeededHash.OF_PROCESS.of(bytes, from, to);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TextSet that && members.equals(that.members);
    }

    /** Seeded: clients choose the members. */
    @Override
    public int hashCode() {
        long sum = 0;
        for (int slot = 0; slot < texts.length; slot++) {
            sum += hashes[slot];
        }
        return Long.hashCode(sum);
    }

    @Override
    public String toString() {
        return members.size() + " texts";
    }
}
