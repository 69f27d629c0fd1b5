package dev.jetstream.common;

import java.util.Arrays;

/**
 * An open-addressed table from 64-bit keys to longs. Keys are seeded hashes ({@link SeededHash}), which the table does not mix
 * again. Not thread-safe.
 */
public final class LongTable {
    /** What {@link #get} returns for a key that is not in the table. */
    public static final long NONE = -1;

    private static final int MIN_SLOTS = 8;

    /** A key and a value per slot; a key of 0 marks a free slot. */
    private long[] slots = new long[2 * MIN_SLOTS];

    private int mask = MIN_SLOTS - 1;
    private int size;

    /** Number of keys. */
    public int size() {
        return size;
    }

    /** The value of a key, or {@link #NONE}. */
    public long get(long key) {
        int slot = slot(key);
        return slots[slot] == 0 ? NONE : slots[slot + 1];
    }

    /** Sets the value of a key, 0 or more. */
    public void put(long key, long value) {
        int slot = slot(key);
        if (slots[slot] == 0) {
            slots[slot] = nonZero(key);
            size++;
        }
        slots[slot + 1] = value;
        if (2 * size > mask + 1) {
            grow();
        }
    }

    /** Removes all keys and makes room for {@code expected} others; costs time in proportion to {@code expected}. */
    public void clear(int expected) {
        int count = Math.max(MIN_SLOTS, 4 * Integer.highestOneBit(Math.max(1, expected)));
        if (2 * count > slots.length) {
            slots = new long[2 * count];
        } else {
            Arrays.fill(slots, 0, 2 * count, 0);
        }
        mask = count - 1;
        size = 0;
    }

    private void grow() {
        long[] old = slots;
        int oldCount = mask + 1;
        slots = new long[4 * oldCount];
        mask = 2 * oldCount - 1;
        for (int i = 0; i < 2 * oldCount; i += 2) {
            if (old[i] != 0) {
                int slot = slot(old[i]);
                slots[slot] = old[i];
                slots[slot + 1] = old[i + 1];
            }
        }
    }

    /** Index of the key's slot, or of the free slot where it belongs. */
    private int slot(long key) {
        long wanted = nonZero(key);
        int slot = (int) (wanted >>> 32) & mask;
        while (slots[2 * slot] != 0 && slots[2 * slot] != wanted) {
            slot = slot + 1 & mask;
        }
        return 2 * slot;
    }

    private static long nonZero(long key) {
        return key == 0 ? 1 : key;
    }
}
