package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The collections seen so far, each checked once, and of these the ones that occur in the batch at hand: its table. The memory is
 * an open-addressed table, begun anew when a batch leaves it too large.
 */
final class CollectionTable {
    private static final int MAX_REMEMBERED = 4096;
    private static final int INITIAL_SLOTS = 256;

    private static final class Entry {
        final byte[] bytes;
        final String name;
        final long hash;
        int batch;
        int index;

        Entry(byte[] bytes, long hash) {
            this.bytes = bytes;
            this.hash = hash;
            name = new String(bytes, ISO_8859_1);
        }
    }

    /** Unknown to senders, so that they cannot choose names that collide. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private Entry[] slots = new Entry[INITIAL_SLOTS];
    private int remembered;
    private int batch;
    private Entry[] table = new Entry[16];
    private int count;

    /** Begins a batch, with an empty table. */
    void begin() {
        batch++;
        count = 0;
        if (remembered > MAX_REMEMBERED) {
            slots = new Entry[INITIAL_SLOTS];
            table = new Entry[16];
            remembered = 0;
        }
    }

    /** Index of a collection in the batch's table, where it is entered when it is new; -1 when these bytes are no NSID. */
    int index(byte[] in, int at, int length) {
        long hash = Bytes.hash(seed, in, at, length);
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        for (Entry entry = slots[slot]; entry != null; entry = slots[slot = slot + 1 & mask]) {
            if (entry.hash == hash && Arrays.equals(entry.bytes, 0, entry.bytes.length, in, at, at + length)) {
                return entry.batch == batch ? entry.index : enter(entry);
            }
        }
        return Nsid.isValid(in, at, length) ? enter(remember(Arrays.copyOfRange(in, at, at + length), hash)) : -1;
    }

    private int enter(Entry entry) {
        if (count == table.length) {
            table = Arrays.copyOf(table, 2 * count);
        }
        table[count] = entry;
        entry.batch = batch;
        entry.index = count;
        return count++;
    }

    private Entry remember(byte[] bytes, long hash) {
        if (2 * ++remembered > slots.length) {
            Entry[] old = slots;
            slots = new Entry[2 * old.length];
            for (Entry entry : old) {
                if (entry != null) {
                    place(entry);
                }
            }
        }
        Entry entry = new Entry(bytes, hash);
        place(entry);
        return entry;
    }

    private void place(Entry entry) {
        int mask = slots.length - 1;
        int slot = (int) entry.hash & mask;
        while (slots[slot] != null) {
            slot = slot + 1 & mask;
        }
        slots[slot] = entry;
    }

    int count() {
        return count;
    }

    /** The batch's collections, in the order of their indexes. */
    List<String> table() {
        String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = table[i].name;
        }
        return List.of(names);
    }
}
