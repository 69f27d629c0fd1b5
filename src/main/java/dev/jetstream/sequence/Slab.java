package dev.jetstream.sequence;

/**
 * Large arrays that the messages of neighbouring blocks share. The garbage collector never moves an array of some MiB, but copies
 * one of a block's size twice while its block is among the newest. A block keeps its neighbours' messages alive, up to one such
 * array. Not thread-safe.
 */
final class Slab {
    /** Header of an array: with it, the largest array fills whole regions of the collector. */
    private static final int HEADER = 64;

    private final int size;
    private byte[] array = {};
    private int used;

    /** @param size bytes of each array, its header included: at least 128 */
    Slab(int size) {
        this.size = size - HEADER;
    }

    /**
     * Room for one block.
     *
     * @param bytes at least 1
     * @param alone whether the block needs an array of its own because a slow reader may hold on to it
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
