package dev.jetstream.upstream;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * A pool of byte arrays of one length. A busy relay sends several times what is kept of it, and fresh memory for each batch costs
 * more than reading the batch. Any thread.
 */
public final class ArrayPool {
    private final int length;
    private final ArrayBlockingQueue<byte[]> idle;

    /**
     * @param length bytes of each array
     * @param maxIdle arrays kept while nobody uses them
     */
    public ArrayPool(int length, int maxIdle) {
        this.length = length;
        idle = new ArrayBlockingQueue<>(maxIdle);
    }

    /** Bytes of each array. */
    public int length() {
        return length;
    }

    /** An array for the caller alone; its content is undefined. */
    public byte[] take() {
        byte[] array = idle.poll();
        return array == null ? new byte[length] : array;
    }

    /** Takes back an array that nobody reads any more; one of another length is dropped. */
    public void giveBack(byte[] array) {
        if (array.length == length) {
            idle.offer(array);
        }
    }
}
