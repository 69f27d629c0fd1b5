package dev.jetstream.sequence;

/**
 * Large arrays that the messages of neighbouring blocks share, side by side. An array of some MiB is never moved by the
 * collector, where one of a block's size is copied twice while its block is among the newest; and it is freed as a whole, which
 * costs nothing. So a block keeps alive what its neighbours hold, up to one such array. Not thread-safe.
 */
final class Slab {
    /** A shared array of the largest size, header included, fills whole regions of the collector. */
    private static final int HEADER = 64;

    private final int size;
    private byte[] array = {};
    private int used;

    /** @param size bytes of each array, its header included: at least 128 */
    Slab(int size) {
        this.size = size - HEADER;
    }

    /**
     * Room for one block, which the caller alone writes to.
     *
     * @param bytes how much, at least 1
     * @param alone whether the block must have an array of its own: one that a slow reader may hold on to
     */
    Room take(int bytes, boolean alone) {
        if (alone || bytes > size / 2) {
            return new Room(new byte[bytes], 0);
        }
        if (bytes > array.length - used) {
            array = new byte[size];
            used = 0;
        }
        Room room = new Room(array, used);
        used += bytes;
        return room;
    }

    /**
     * Where a block's messages go.
     *
     * @param array to write to
     * @param from at this offset
     */
    record Room(byte[] array, int from) {}
}
