package dev.jetstream.decode;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds the blocks that a commit's ops name, in one walk over its CAR (content-addressable archive, version 1):
 *
 * <pre>
 *   varint  CBOR {roots, version: 1}     varint   CID  data      varint   CID  data  …
 *   length  of so many bytes             length of CID + data
 * </pre>
 *
 * The wanted CIDs are in an open-addressed table, so blocks that no op names, most of them, cost one look at a filter. Ops with
 * the same CID share the first one's entry.
 */
final class CarScan {
    private static final int INITIAL = 64;
    private static final long VERSION = Bytes.name("version");

    /** Unknown to senders, so that they cannot choose CIDs that collide. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    private final CborCursor header = new CborCursor();
    private int[] slots = new int[2 * INITIAL];
    private int[] shared = new int[INITIAL];
    private int[] blockAt = new int[INITIAL];
    private int[] blockLength = new int[INITIAL];
    private int mask;
    private long filter;
    private int sectionAt;

    /** The first op that names the same CID as this one. */
    int shared(int op) {
        return shared[op];
    }

    /** Offset of the block that a {@link #shared} op names; -1 when the CAR lacks it. */
    int blockAt(int op) {
        return blockAt[op];
    }

    int blockLength(int op) {
        return blockLength[op];
    }

    /** Walks over the CAR {@code [from, to)}; one that cannot be read to its end is rejected. */
    void scan(byte[] in, int from, int to, Ops ops) {
        want(in, ops);
        int at = header(in, from, to);
        while (at < to) {
            int end = section(in, at, to);
            int cidAt = sectionAt;
            int cidLength = Cid.length(in, cidAt, end);
            if (cidLength < 0) {
                throw malformed();
            }
            if ((filter >>> in[cidAt + cidLength - 1] & 1) != 0) {
                found(in, cidAt, cidLength, end, ops);
            }
            at = end;
        }
    }

    /** Reads a length; the bytes it counts are {@link #sectionAt} to before what is returned. */
    private int section(byte[] in, int at, int to) {
        int dataAt = at + 1;
        long length = in[at];
        if (length < 0) {
            // Two bytes are what nearly all have.
            dataAt = at + 2;
            length = to - at >= 2 && in[at + 1] > 0 ? length & 0x7F | in[at + 1] << 7 : -1;
            if (length < 0) {
                length = Cid.varint(in, at, to);
                dataAt = length < 0 ? to : Cid.behindVarint(in, at, to);
            }
        }
        if (length <= 0 || length > to - dataAt) {
            throw malformed();
        }
        sectionAt = dataAt;
        return dataAt + (int) length;
    }

    private int header(byte[] in, int from, int to) {
        if (from == to) {
            throw malformed();
        }
        int end = section(in, from, to);
        header.over(in, sectionAt, end, DropReason.MALFORMED_CAR);
        boolean versionOne = false;
        for (int left = header.map(); header.hasNext(left); left--) {
            int keyLength = header.string(CborCursor.TEXT);
            boolean version = Bytes.name(in, header.at, keyLength) == VERSION;
            header.at += keyLength;
            if (version) {
                versionOne = header.unsigned() == 1;
            } else {
                header.skip();
            }
        }
        if (!versionOne) {
            throw malformed();
        }
        return end;
    }

    private void want(byte[] in, Ops ops) {
        int count = ops.count();
        if (count > shared.length) {
            int size = Math.max(count, 2 * shared.length);
            shared = new int[size];
            blockAt = new int[size];
            blockLength = new int[size];
        }
        int size = Math.max(2, Integer.highestOneBit(Math.max(1, count)) * 4);
        if (size > slots.length) {
            slots = new int[size];
        } else {
            Arrays.fill(slots, 0, size, 0);
        }
        mask = size - 1;
        filter = 0;
        for (int op = 0; op < count; op++) {
            shared[op] = op;
            blockAt[op] = -1;
            if (ops.writes(op) && ops.cidAt(op) >= 0) {
                want(in, ops, op);
            }
        }
    }

    private void want(byte[] in, Ops ops, int op) {
        int at = ops.cidAt(op);
        int length = ops.cidLength(op);
        int slot = slot(in, at, length, ops);
        if (slots[slot] != 0) {
            shared[op] = slots[slot] - 1;
            return;
        }
        slots[slot] = op + 1;
        filter |= 1L << in[at + length - 1];
    }

    private void found(byte[] in, int cidAt, int cidLength, int end, Ops ops) {
        int op = slots[slot(in, cidAt, cidLength, ops)] - 1;
        if (op >= 0 && blockAt[op] < 0) {
            blockAt[op] = cidAt + cidLength;
            blockLength[op] = end - blockAt[op];
        }
    }

    /** Where a CID stands in the table, or the free slot where it would. */
    private int slot(byte[] in, int at, int length, Ops ops) {
        int slot = (int) (Bytes.hash(seed, in, at, length) >>> 32) & mask;
        while (slots[slot] != 0 && !isCid(slots[slot] - 1, in, at, length, ops)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static boolean isCid(int op, byte[] in, int at, int length, Ops ops) {
        int other = ops.cidAt(op);
        return Arrays.equals(in, other, other + ops.cidLength(op), in, at, at + length);
    }

    private static Rejection malformed() {
        return Rejection.of(DropReason.MALFORMED_CAR);
    }
}
