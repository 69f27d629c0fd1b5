package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.BIG_LONG;

import java.util.Arrays;

/**
 * The entries of the maps that are being written, as ranges of the JSON: a stack, a map's entries together. Sorts them by the
 * bytes of their quoted keys, in the JSON itself.
 *
 * <p>An entry is {@code "key":value,} with its comma, so that entries can change places. A key's prefix, its first eight bytes
 * with the closing quote and zeros after it, decides nearly every comparison: no quoted key is the start of another one.
 */
final class MapEntries {
    private static final int INITIAL = 1024;
    private static final int RETAINED = 64 * 1024;
    private static final int MAX_INSERTION_SORT = 16;
    private static final int MIN_RADIX_SORT = 512;

    private final LargeMaps largeMaps = new LargeMaps();
    private int[] starts = new int[INITIAL];
    private int[] keyEnds = new int[INITIAL];
    private long[] prefixes = new long[INITIAL];
    private int[] order = new int[INITIAL];
    private int[] merged = new int[0];
    private int top;

    /** Forgets all entries, and gives memory back when much more is held than usual. */
    void reset() {
        top = 0;
        if (starts.length > RETAINED) {
            resize(INITIAL);
            merged = new int[0];
        }
    }

    /** Begins a record. */
    void beginRecord() {
        top = 0;
        largeMaps.clear();
    }

    /** Ends the record that {@code out} ends with: puts the entries of its large maps into their order. */
    void endRecord(JsonOut out) {
        largeMaps.arrange(out);
    }

    /** Where the entries of a map that begins now will start. */
    int open() {
        return top;
    }

    /** Drops the entries from {@code base} on. */
    void close(int base) {
        top = base;
    }

    /** Adds the entry whose quoted key was just written, from {@code start} on. Returns the key's prefix. */
    long add(JsonOut out, int start) {
        if (top == starts.length) {
            resize(2 * top);
        }
        int length = out.at - start - 1;
        long prefix = (long) BIG_LONG.get(out.bytes, start + 1);
        if (length < Long.BYTES) {
            prefix &= -1L << (Long.BYTES - length) * Byte.SIZE;
        }
        starts[top] = start;
        keyEnds[top] = out.at;
        prefixes[top++] = prefix;
        return prefix;
    }

    private void resize(int size) {
        starts = Arrays.copyOf(starts, size);
        keyEnds = Arrays.copyOf(keyEnds, size);
        prefixes = Arrays.copyOf(prefixes, size);
        order = Arrays.copyOf(order, size);
    }

    /** The prefix that {@link #add} gives for a key of at most eight bytes, its closing quote not counted. */
    static long prefixOf(String key) {
        byte[] quoted = Arrays.copyOf(Bytes.ascii(key + '"'), Long.BYTES);
        return (long) BIG_LONG.get(quoted, 0);
    }

    /** Offset of an entry's quoted key. */
    int start(int entry) {
        return starts[entry];
    }

    /** The entry from {@code base} on with this key of {@code length} bytes, at most eight; -1 when there is none. */
    int find(int base, long prefix, int length) {
        for (int i = base; i < top; i++) {
            if (prefixes[i] == prefix && keyEnds[i] - starts[i] == length + 2) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Gives the entries from {@code base} on, which {@code out} ends with, an order of their own: first, second, third, fourth.
     */
    void arrange(int base, JsonOut out, int first, int second, int third, int fourth) {
        order[base] = first;
        order[base + 1] = second;
        order[base + 2] = third;
        order[base + 3] = fourth;
        arrange(base, out);
    }

    /** Offset of an entry's value. */
    int valueAt(int entry) {
        return keyEnds[entry] + 1;
    }

    /** Offset after an entry's value, its comma excluded; {@code out} ends with the map's last entry. */
    int valueEnd(int entry, JsonOut out) {
        return (entry + 1 == top ? out.at : starts[entry + 1]) - 1;
    }

    /** Puts the entries from {@code base} on, which {@code out} ends with, into the order of their quoted keys. */
    void sort(int base, JsonOut out) {
        for (int i = base + 1; i < top; i++) {
            if (compare(i - 1, i, out.bytes) > 0) {
                sortFrom(base, out);
                return;
            }
        }
    }

    private void sortFrom(int base, JsonOut out) {
        for (int i = base; i < top; i++) {
            order[i] = i;
        }
        if (top - base < MIN_RADIX_SORT) {
            sort(base, top, out.bytes);
        } else {
            radixSort(base, top);
            for (int from = base, to; from < top; from = to) {
                to = from + 1;
                while (to < top && prefixes[order[to]] == prefixes[order[from]]) {
                    to++;
                }
                sort(from, to, out.bytes);
            }
        }
        arrange(base, out);
    }

    /** Negative or positive; equal keys are rejected. */
    private int compare(int a, int b, byte[] json) {
        long left = prefixes[a];
        long right = prefixes[b];
        return left != right ? Long.compareUnsigned(left, right) : compareWhole(a, b, json);
    }

    private int compareWhole(int a, int b, byte[] json) {
        int order = Arrays.compareUnsigned(json, starts[a], keyEnds[a], json, starts[b], keyEnds[b]);
        if (order == 0) {
            throw DropReason.MALFORMED_RECORD.rejection();
        }
        return order;
    }

    private void sort(int from, int to, byte[] json) {
        if (to - from <= MAX_INSERTION_SORT) {
            insertionSort(from, to, json);
        } else {
            mergeSort(from, to, json);
        }
    }

    /** Sorts many entries by their prefixes, from the last byte to the first. */
    private void radixSort(int from, int to) {
        int[][] counts = new int[Long.BYTES][257];
        for (int i = from; i < to; i++) {
            long prefix = prefixes[i];
            for (int b = 0; b < Long.BYTES; b++) {
                counts[b][(int) (prefix >>> b * Byte.SIZE & 0xFF) + 1]++;
            }
        }
        ensureMerged();
        for (int b = 0; b < Long.BYTES; b++) {
            int[] places = counts[b];
            if (places[(int) (prefixes[from] >>> b * Byte.SIZE & 0xFF) + 1] == to - from) {
                continue;
            }
            places[0] = from;
            for (int i = 1; i < 256; i++) {
                places[i] += places[i - 1];
            }
            for (int i = from; i < to; i++) {
                int entry = order[i];
                merged[places[(int) (prefixes[entry] >>> b * Byte.SIZE & 0xFF)]++] = entry;
            }
            int[] sorted = merged;
            merged = order;
            order = sorted;
        }
    }

    private void ensureMerged() {
        if (merged.length < order.length) {
            merged = new int[order.length];
        }
    }

    private void insertionSort(int from, int to, byte[] json) {
        for (int i = from + 1; i < to; i++) {
            int entry = order[i];
            int k = i - 1;
            while (k >= from && compare(order[k], entry, json) > 0) {
                order[k + 1] = order[k];
                k--;
            }
            order[k + 1] = entry;
        }
    }

    private void mergeSort(int from, int to, byte[] json) {
        for (int run = from; run < to; run += MAX_INSERTION_SORT) {
            insertionSort(run, Math.min(to, run + MAX_INSERTION_SORT), json);
        }
        ensureMerged();
        for (int width = MAX_INSERTION_SORT; width < to - from; width *= 2) {
            for (int left = from; left < to; left += 2 * width) {
                merge(left, Math.min(to, left + width), Math.min(to, left + 2 * width), json);
            }
            System.arraycopy(merged, from, order, from, to - from);
        }
    }

    private void merge(int left, int middle, int right, byte[] json) {
        int a = left;
        int b = middle;
        for (int i = left; i < right; i++) {
            merged[i] = b == right || a < middle && compare(order[a], order[b], json) < 0 ? order[a++] : order[b++];
        }
    }

    /** Copies the entries in their order to the end of the JSON, then all of them back to where the first one was. */
    private void arrange(int base, JsonOut out) {
        int first = base;
        while (first < top && order[first] == first) {
            first++;
        }
        if (first == top) {
            return;
        }
        int from = starts[first];
        int length = out.at - from;
        if (length >= LargeMaps.MIN_BYTES) {
            for (int i = first; i < top; i++) {
                largeMaps.piece(starts[order[i]], valueEnd(order[i], out) + 1);
            }
            largeMaps.endMap(from, out.at);
            return;
        }
        out.ensure(length);
        byte[] json = out.bytes;
        int to = out.at;
        for (int i = first; i < top; i++) {
            int entry = order[i];
            int start = starts[entry];
            int size = valueEnd(entry, out) + 1 - start;
            System.arraycopy(json, start, json, to, size);
            to += size;
        }
        System.arraycopy(json, out.at, json, from, length);
    }
}
