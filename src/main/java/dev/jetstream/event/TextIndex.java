package dev.jetstream.event;

import java.util.Arrays;
import java.util.BitSet;

/**
 * An index from texts to the events of a block that have them. Flat arrays: an open-addressed table of keys by seeded hash, and per key
 * a list of events. Filled by one thread, then immutable.
 *
 * <pre>
 *   slots: hash → key;   key: hash, text in pool, first and last entry;   entry: event, next entry of the key
 * </pre>
 */
final class TextIndex {
    private static final BitSet NONE = new BitSet(0);

    private int[] slots = new int[64];
    private long[] hashes = new long[16];
    private int[] textEnds = new int[16];
    private int[] first = new int[16];
    private int[] last = new int[16];
    private int keys;
    private byte[] pool = new byte[512];
    private int[] events = new int[16];
    private int[] next = new int[16];
    private int entries;

    /**
     * Adds a text of an event; one that the event already has counts once.
     *
     * @param event not before that of the last call
     */
    void add(byte[] bytes, int from, int to, int event) {
        long hash = TextSet.hash(bytes, from, to);
        int slot = slot(hash, bytes, from, to);
        int key = slots[slot] - 1;
        if (key >= 0) {
            if (events[last[key]] != event) {
                next[last[key]] = addEntry(event);
                last[key] = entries - 1;
            }
            return;
        }
        addKey(slot, hash, bytes, from, to);
        first[keys - 1] = addEntry(event);
        last[keys - 1] = entries - 1;
    }

    private void addKey(int slot, long hash, byte[] bytes, int from, int to) {
        if (keys == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * keys);
            textEnds = Arrays.copyOf(textEnds, 2 * keys);
            first = Arrays.copyOf(first, 2 * keys);
            last = Arrays.copyOf(last, 2 * keys);
        }
        int start = textStart(keys);
        int end = start + to - from;
        if (end > pool.length) {
            pool = Arrays.copyOf(pool, Math.max(2 * pool.length, end));
        }
        System.arraycopy(bytes, from, pool, start, to - from);
        hashes[keys] = hash;
        textEnds[keys] = end;
        slots[slot] = ++keys;
        if (2 * keys > slots.length) {
            rehash();
        }
    }

    private int addEntry(int event) {
        if (entries == events.length) {
            events = Arrays.copyOf(events, 2 * entries);
            next = Arrays.copyOf(next, 2 * entries);
        }
        events[entries] = event;
        next[entries] = -1;
        return entries++;
    }

    private void rehash() {
        slots = new int[2 * slots.length];
        for (int key = 0; key < keys; key++) {
            int slot = (int) hashes[key] & slots.length - 1;
            while (slots[slot] != 0) {
                slot = slot + 1 & slots.length - 1;
            }
            slots[slot] = key + 1;
        }
    }

    /** Drops the room for more. */
    void trim() {
        hashes = Arrays.copyOf(hashes, keys);
        textEnds = Arrays.copyOf(textEnds, keys);
        first = Arrays.copyOf(first, keys);
        last = null;
        pool = Arrays.copyOf(pool, textStart(keys));
        events = Arrays.copyOf(events, entries);
        next = Arrays.copyOf(next, entries);
    }

    private int textStart(int key) {
        return key == 0 ? 0 : textEnds[key - 1];
    }

    /** The slot of a text, or the free one where it would be. */
    private int slot(long hash, byte[] bytes, int from, int to) {
        int slot = (int) hash & slots.length - 1;
        while (slots[slot] != 0) {
            int key = slots[slot] - 1;
            if (hashes[key] == hash && Arrays.equals(pool, textStart(key), textEnds[key], bytes, from, to)) {
                return slot;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    /** Distinct texts. */
    int size() {
        return keys;
    }

    /** The events that have one of these texts: costs as much as the smaller of the two sets. Not to be changed. */
    BitSet of(TextSet texts) {
        BitSet[] found = {NONE};
        if (texts.size() <= keys) {
            texts.forEach((hash, text) -> {
                int key = slots[slot(hash, text, 0, text.length)] - 1;
                if (key >= 0) {
                    found[0] = mark(key, found[0]);
                }
            });
        } else {
            for (int key = 0; key < keys; key++) {
                if (texts.contains(hashes[key], pool, textStart(key), textEnds[key])) {
                    found[0] = mark(key, found[0]);
                }
            }
        }
        return found[0];
    }

    private BitSet mark(int key, BitSet found) {
        BitSet marked = found == NONE ? new BitSet() : found;
        for (int entry = first[key]; entry >= 0; entry = next[entry]) {
            marked.set(events[entry]);
        }
        return marked;
    }

    /** Approximate bytes of memory, once trimmed. */
    long bytes() {
        return 160 + 4L * slots.length + 16L * keys + pool.length + 8L * entries;
    }
}
