package dev.jetstream.upstream;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Byte arrays of one length that are used again: what comes off a busy relay is several times what is kept of it, and fresh
 * memory for each batch costs more than reading the batch. Any thread.
 */
public final class ArrayPool {
    private final int length;
    private final ArrayBlockingQueue<byte[]> idle;

    /**
     * @param length bytes of each array
     * @param mostIdle arrays that are kept while nobody uses them
     */
    public ArrayPool(int length, int mostIdle) {
        this.length = length;
        idle = new ArrayBlockingQueue<>(mostIdle);
    }

    /** Bytes of each array. */
    public int length() {
        return length;
    }

    /** An array for the caller alone, with whatever is in it. */
    public byte[] take() {
        byte[] array = idle.poll();
        return array == null ? new byte[length] : array;
    }

    /**
     * Takes back an array that nobody looks at any more; one that is not given back is only collected as garbage, as is one of
     * another length.
     */
    public void giveBack(byte[] array) {
        if (array.length == length) {
            idle.offer(array);
        }
    }
}
