package dev.jetstream.decode;

import dev.jetstream.common.LongTable;
import dev.jetstream.common.SeededHash;
import java.util.Arrays;

/**
 * The blocks that a commit's ops name, found in one walk over its CAR (content-addressable archive, version 1):
 *
 * <pre>
 *   varint  CBOR {roots, version: 1}     varint   CID  data      varint   CID  data  …
 *   length  of so many bytes             length of CID + data
 * </pre>
 *
 * Most blocks are named by no op and cost one look at a filter. Ops with the same CID share the first one's block.
 */
final class CommitBlocks {
    private static final int INITIAL = 64;
    private static final long VERSION = Bytes.name("version");

    private final CborCursor header = new CborCursor();
    /** The first op that names a CID, by the CID's hash. */
    private final LongTable wanted = new LongTable();

    private int[] shared = new int[INITIAL];
    private int[] at = new int[INITIAL];
    private int[] lengths = new int[INITIAL];
    private DropReason[] faults = new DropReason[INITIAL];
    /** A bit for the last byte of each wanted CID, modulo 64. */
    private long filter;

    private int sectionAt;

    /** The first op that names the same CID as this one. */
    int shared(int op) {
        return shared[op];
    }

    /** Offset of the block of a {@link #shared} op; -1 if the CAR lacks it. */
    int at(int op) {
        return at[op];
    }

    int length(int op) {
        return lengths[op];
    }

    /** Why the block of a {@link #shared} op must not be used; null if it may. */
    DropReason fault(int op) {
        return faults[op];
    }

    void reject(int op, DropReason why) {
        faults[op] = why;
    }

    /**
     * Walks over the CAR {@code in[from, to)}.
     *
     * @throws DropReason.Rejection when it cannot be read to its end
     */
    void find(byte[] in, int from, int to, Ops ops) {
        want(in, ops);
        int next = header(in, from, to);
        while (next < to) {
            int end = section(in, next, to);
            int cidAt = sectionAt;
            int cidLength = Cid.length(in, cidAt, end);
            require(cidLength >= 0);
            if ((filter >>> in[cidAt + cidLength - 1] & 1) != 0) {
                found(in, cidAt, cidLength, end, ops);
            }
            next = end;
        }
    }

    /** Reads a length; the bytes that it counts are {@code [sectionAt, returned)}. */
    private int section(byte[] in, int from, int to) {
        int dataAt = from + 1;
        long length = in[from];
        if (length < 0) {
            // Nearly all lengths have two bytes.
            dataAt = from + 2;
            length = to - from >= 2 && in[from + 1] > 0 ? length & 0x7F | in[from + 1] << 7 : -1;
            if (length < 0) {
                length = Cid.varint(in, from, to);
                dataAt = length < 0 ? to : Cid.afterVarint(in, from, to);
            }
        }
        require(length > 0 && length <= to - dataAt);
        sectionAt = dataAt;
        return dataAt + (int) length;
    }

    private int header(byte[] in, int from, int to) {
        require(from < to);
        int end = section(in, from, to);
        header.over(in, sectionAt, end, DropReason.MALFORMED_CAR);
        boolean versionOne = false;
        for (int left = header.map(); header.hasNext(left); left--) {
            int keyLength = header.string(CborCursor.TEXT);
            if (Bytes.name(in, header.pass(keyLength), keyLength) == VERSION) {
                versionOne = header.unsigned() == 1;
            } else {
                header.skip();
            }
        }
        require(versionOne);
        return end;
    }

    private void want(byte[] in, Ops ops) {
        int count = ops.count();
        if (count > shared.length) {
            int size = Math.max(count, 2 * shared.length);
            shared = new int[size];
            at = new int[size];
            lengths = new int[size];
            faults = new DropReason[size];
        }
        Arrays.fill(faults, 0, count, null);
        wanted.clear(count);
        filter = 0;
        for (int op = 0; op < count; op++) {
            shared[op] = op;
            at[op] = -1;
            if (ops.writes(op) && ops.cidAt(op) >= 0) {
                want(in, ops, op);
            }
        }
    }

    private void want(byte[] in, Ops ops, int op) {
        int cidAt = ops.cidAt(op);
        int length = ops.cidLength(op);
        long key = key(in, cidAt, length, ops);
        long first = wanted.get(key);
        if (first != LongTable.NONE) {
            shared[op] = (int) first;
            return;
        }
        wanted.put(key, op);
        filter |= 1L << in[cidAt + length - 1];
    }

    private void found(byte[] in, int cidAt, int cidLength, int end, Ops ops) {
        int op = (int) wanted.get(key(in, cidAt, cidLength, ops));
        if (op >= 0 && at[op] < 0) {
            at[op] = cidAt + cidLength;
            lengths[op] = end - at[op];
        }
    }

    /** The key that a CID has, or would have, in {@link #wanted}: its hash, or the next number that no other CID has. */
    private long key(byte[] in, int cidAt, int length, Ops ops) {
        long key = SeededHash.OF_PROCESS.of(in, cidAt, cidAt + length);
        for (long op; (op = wanted.get(key)) != LongTable.NONE; key++) {
            int other = ops.cidAt((int) op);
            if (Arrays.equals(in, other, other + ops.cidLength((int) op), in, cidAt, cidAt + length)) {
                return key;
            }
        }
        return key;
    }

    private static void require(boolean good) {
        DropReason.MALFORMED_CAR.unless(good);
    }
}
