package dev.jetstream.decode;

import static dev.jetstream.decode.CborCursor.isIndefinite;
import static dev.jetstream.decode.CborCursor.major;

import java.util.Arrays;

/**
 * The ops of one commit, in flat arrays: the action and the offsets of path and CID in the frame. Ops after the first
 * {@link #MAX_OPS} are only counted.
 */
final class Ops {
    static final int CREATE = 0;
    static final int UPDATE = 1;
    static final int DELETE = 2;
    private static final int BAD = 3;

    /** Far above the 200 that a commit may have. */
    static final int MAX_OPS = 10_000;

    private static final int INITIAL = 64;
    private static final long ACTION = Bytes.name("action");
    private static final long PATH = Bytes.name("path");
    private static final long CID = Bytes.name("cid");
    private static final long CREATE_NAME = Bytes.name("create");
    private static final long UPDATE_NAME = Bytes.name("update");
    private static final long DELETE_NAME = Bytes.name("delete");

    private byte[] actions = new byte[INITIAL];
    /** Path offset, path length, CID offset, CID length of each op. */
    private int[] places = new int[4 * INITIAL];

    private int count;
    private int bad;
    private int excess;

    void clear() {
        count = 0;
        bad = 0;
        excess = 0;
    }

    int count() {
        return count;
    }

    /** Items of the array that are not in {@link #count}: no map, or a map without a known action. */
    int bad() {
        return bad;
    }

    /** Ops over the limit. */
    int excess() {
        return excess;
    }

    /** {@link #CREATE}, {@link #UPDATE} or {@link #DELETE}. */
    int action(int op) {
        return actions[op];
    }

    /** Offset of the path, or -1. */
    int pathAt(int op) {
        return places[4 * op];
    }

    int pathLength(int op) {
        return places[4 * op + 1];
    }

    /** Offset of the CID's bytes, or -1. */
    int cidAt(int op) {
        return places[4 * op + 2];
    }

    int cidLength(int op) {
        return places[4 * op + 3];
    }

    /** Whether an op needs a record. */
    boolean writes(int op) {
        return actions[op] <= UPDATE;
    }

    /** Reads the array that is next in {@code cbor}. */
    void read(CborCursor cbor) {
        clear();
        int head = cbor.head();
        if (major(head) != CborCursor.ARRAY) {
            throw cbor.malformed();
        }
        for (int left = isIndefinite(head) ? -1 : cbor.length(); cbor.hasNext(left); left--) {
            if (count + bad == MAX_OPS) {
                excess++;
                cbor.skip();
            } else {
                op(cbor);
                if (actions[count - 1] == BAD) {
                    count--;
                    bad++;
                }
            }
        }
    }

    /** Whether the commit has no ops, good or bad. */
    boolean isEmpty() {
        return count == 0 && bad == 0 && excess == 0;
    }

    /** Removes the ops of excluded collections; returns their number. */
    int exclude(byte[] in, CollectionTable collections) {
        if (collections.keepsAll()) {
            return 0;
        }
        int kept = 0;
        for (int op = 0; op < count; op++) {
            if (!isExcluded(op, in, collections)) {
                actions[kept] = actions[op];
                System.arraycopy(places, 4 * op, places, 4 * kept++, 4);
            }
        }
        int excluded = count - kept;
        count = kept;
        return excluded;
    }

    private boolean isExcluded(int op, byte[] in, CollectionTable collections) {
        int from = pathAt(op);
        int end = from + pathLength(op);
        int slash = from;
        while (slash >= 0 && slash < end && in[slash] != '/') {
            slash++;
        }
        return slash >= 0 && slash < end && collections.isExcluded(in, from, slash);
    }

    private void op(CborCursor cbor) {
        if (count == actions.length) {
            actions = Arrays.copyOf(actions, 2 * count);
            places = Arrays.copyOf(places, 8 * count);
        }
        int op = count++;
        actions[op] = BAD;
        places[4 * op] = places[4 * op + 2] = -1;
        if (major(cbor.peek()) != CborCursor.MAP) {
            cbor.skip();
            return;
        }
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = cbor.key();
            if (key == ACTION && cbor.isText()) {
                actions[op] = (byte) action(cbor.key());
            } else if (key == PATH && cbor.isText()) {
                int length = cbor.string(CborCursor.TEXT);
                places[4 * op] = cbor.pass(length);
                places[4 * op + 1] = length;
            } else if (key == CID && major(cbor.peek()) == CborCursor.TAG) {
                cid(cbor, op);
            } else {
                cbor.skip();
            }
        }
    }

    private static int action(long name) {
        return name == CREATE_NAME ? CREATE : name == DELETE_NAME ? DELETE : name == UPDATE_NAME ? UPDATE : BAD;
    }

    private void cid(CborCursor cbor, int op) {
        cbor.head();
        boolean isCid = cbor.argument == CborCursor.CID_TAG;
        int head = cbor.peek();
        if (!isCid || major(head) != CborCursor.BYTES || isIndefinite(head)) {
            cbor.skip();
            return;
        }
        int length = cbor.string(CborCursor.BYTES);
        int at = cbor.pass(length);
        if (length > 1 && cbor.in[at] == 0) {
            places[4 * op + 2] = at + 1;
            places[4 * op + 3] = length - 1;
        }
    }
}
