package dev.jetstream.relay;

/** The newest messages of a stream, each under its seq, seqs without gaps; bounded in number and in bytes. Not thread-safe. */
final class Backlog {
    private final byte[][] ring;
    private final long maxBytes;
    private long first;
    private long next;
    private long bytes;

    Backlog(int maxMessages, long maxBytes, long firstSeq) {
        this.ring = new byte[maxMessages][];
        this.maxBytes = maxBytes;
        this.first = firstSeq;
        this.next = firstSeq;
    }

    /** The seq of the oldest message held; that of the next one when none is. */
    long first() {
        return first;
    }

    /** The seq of the next message to come. */
    long next() {
        return next;
    }

    /** The message at {@code seq}, which is held. */
    byte[] get(long seq) {
        return ring[(int) (seq % ring.length)];
    }

    /** Adds the next message and drops the oldest ones until it fits; the newest one always stays. */
    void add(byte[] message) {
        while (first < next && (next - first == ring.length || bytes + message.length > maxBytes)) {
            int place = (int) (first++ % ring.length);
            bytes -= ring[place].length;
            ring[place] = null;
        }
        ring[(int) (next++ % ring.length)] = message;
        bytes += message.length;
    }
}
