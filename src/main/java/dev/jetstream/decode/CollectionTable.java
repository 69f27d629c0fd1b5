package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.common.LongTable;
import dev.jetstream.common.Nsid;
import dev.jetstream.common.SeededHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The collections of a batch, each once: its table. Remembers collections across batches, so that each is checked once, and
 * forgets all of them when a batch leaves too many.
 */
final class CollectionTable {
    private static final int MAX_REMEMBERED = 4096;

    private static final class Entry {
        final byte[] bytes;
        final String name;
        int batch;
        int index;

        Entry(byte[] bytes) {
            this.bytes = bytes;
            name = new String(bytes, ISO_8859_1);
        }
    }

    /** Index in {@link #remembered} by the hash of the bytes. */
    private final LongTable indexes = new LongTable();

    private final List<Entry> remembered = new ArrayList<>();
    private final List<String> table = new ArrayList<>();
    private int batch;

    /** Begins a batch, with an empty table. */
    void begin() {
        batch++;
        table.clear();
        if (remembered.size() > MAX_REMEMBERED) {
            remembered.clear();
            indexes.clear(0);
        }
    }

    /** Index of the collection {@code in[from, to)} in the batch's table, which it joins if it is new; -1 if it is not an NSID. */
    int index(byte[] in, int from, int to) {
        long key = SeededHash.OF_PROCESS.of(in, from, to);
        for (long known; (known = indexes.get(key)) != LongTable.NONE; key++) {
            Entry entry = remembered.get((int) known);
            if (Arrays.equals(entry.bytes, 0, entry.bytes.length, in, from, to)) {
                return enter(entry);
            }
        }
        if (!Nsid.isValid(in, from, to)) {
            return -1;
        }
        Entry entry = new Entry(Arrays.copyOfRange(in, from, to));
        indexes.put(key, remembered.size());
        remembered.add(entry);
        return enter(entry);
    }

    private int enter(Entry entry) {
        if (entry.batch != batch) {
            entry.batch = batch;
            entry.index = table.size();
            table.add(entry.name);
        }
        return entry.index;
    }

    /** The batch's collections, in the order of their indexes. */
    List<String> table() {
        return List.copyOf(table);
    }
}
