package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.jetstream.common.LongTable;
import dev.jetstream.common.Nsid;
import dev.jetstream.common.SeededHash;
import dev.jetstream.event.Filter;
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
        final boolean isKept;
        int batch;
        int index;

        Entry(byte[] bytes, Filter kept) {
            this.bytes = bytes;
            name = new String(bytes, ISO_8859_1);
            isKept = kept.wantsCollection(name);
        }
    }

    /** Index in {@link #remembered} by the hash of the bytes. */
    private final LongTable indexes = new LongTable();

    private final List<Entry> remembered = new ArrayList<>();
    private final List<String> table = new ArrayList<>();
    private final Filter kept;
    private int batch;

    /** @param kept decides which collections are kept */
    CollectionTable(Filter kept) {
        this.kept = kept;
    }

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
        Entry entry = entry(in, from, to);
        return entry == null ? -1 : enter(entry);
    }

    /** Whether every collection is kept. */
    boolean keepsAll() {
        return kept.collections().isEmpty();
    }

    /** Whether the collection {@code in[from, to)} is excluded; false if it is not an NSID, for which there is another reason. */
    boolean isExcluded(byte[] in, int from, int to) {
        Entry entry = entry(in, from, to);
        return entry != null && !entry.isKept;
    }

    private Entry entry(byte[] in, int from, int to) {
        long key = SeededHash.OF_PROCESS.of(in, from, to);
        for (long known; (known = indexes.get(key)) != LongTable.NONE; key++) {
            Entry entry = remembered.get((int) known);
            if (Arrays.equals(entry.bytes, 0, entry.bytes.length, in, from, to)) {
                return entry;
            }
        }
        if (!Nsid.isValid(in, from, to)) {
            return null;
        }
        Entry entry = new Entry(Arrays.copyOfRange(in, from, to), kept);
        indexes.put(key, remembered.size());
        remembered.add(entry);
        return entry;
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
