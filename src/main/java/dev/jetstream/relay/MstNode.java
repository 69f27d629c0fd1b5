package dev.jetstream.relay;

import java.util.Arrays;

/**
 * One node of a {@link MerkleSearchTree}: its keys, and a subtree (or null) before, between and behind them. Immutable but
 * for its CID, which is known once it was asked for.
 *
 * <p>A node with no key and one subtree stands where a layer has no key of its own; a node with neither does not exist.
 */
final class MstNode {
    final int layer;
    final byte[][] keys;
    final Cid[] values;
    /** One more than keys. */
    final MstNode[] subtrees;

    Cid cid;

    private MstNode(int layer, byte[][] keys, Cid[] values, MstNode[] subtrees) {
        this.layer = layer;
        this.keys = keys;
        this.values = values;
        this.subtrees = subtrees;
    }

    static MstNode empty(int layer) {
        return new MstNode(layer, new byte[0][], new Cid[0], new MstNode[1]);
    }

    /** The index of the first key that is not below {@code key}; the subtree of that index is where a missing key belongs. */
    int indexOf(byte[] key) {
        int low = 0;
        int high = keys.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(keys[middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean holds(int index, byte[] key) {
        return index < keys.length && Arrays.equals(keys[index], key);
    }

    /** This node with the key set; its layer is not above this one's. */
    MstNode put(byte[] key, int keyLayer, Cid value) {
        int i = indexOf(key);
        if (keyLayer < layer) {
            MstNode below = subtrees[i] == null ? empty(layer - 1) : subtrees[i];
            return withSubtree(i, below.put(key, keyLayer, value));
        }
        if (holds(i, key)) {
            Cid[] changed = values.clone();
            changed[i] = value;
            return new MstNode(layer, keys, changed, subtrees);
        }
        MstNode left = part(subtrees[i], key, true);
        MstNode right = part(subtrees[i], key, false);
        return new MstNode(
                layer,
                spliced(keys, i, i, new byte[][] {key}),
                spliced(values, i, i, new Cid[] {value}),
                spliced(subtrees, i, i + 1, new MstNode[] {left, right}));
    }

    /** This node without the key, which it or a node below it holds; null when nothing is left. */
    MstNode remove(byte[] key, int keyLayer) {
        int i = indexOf(key);
        if (keyLayer < layer) {
            return orNull(withSubtree(i, subtrees[i].remove(key, keyLayer)));
        }
        return orNull(new MstNode(
                layer,
                spliced(keys, i, i + 1, new byte[0][]),
                spliced(values, i, i + 1, new Cid[0]),
                spliced(subtrees, i, i + 2, new MstNode[] {merge(subtrees[i], subtrees[i + 1])})));
    }

    MstNode withSubtree(int index, MstNode subtree) {
        MstNode[] changed = subtrees.clone();
        changed[index] = subtree;
        return new MstNode(layer, keys, values, changed);
    }

    /** What lies before a key that is not in the tree, or behind it; null when there is nothing. */
    private static MstNode part(MstNode node, byte[] key, boolean before) {
        if (node == null) {
            return null;
        }
        int i = node.indexOf(key);
        MstNode edge = part(node.subtrees[i], key, before);
        int from = before ? 0 : i;
        int to = before ? i : node.keys.length;
        MstNode[] subtrees = Arrays.copyOfRange(node.subtrees, from, to + 1);
        subtrees[before ? i : 0] = edge;
        return orNull(new MstNode(
                node.layer,
                Arrays.copyOfRange(node.keys, from, to),
                Arrays.copyOfRange(node.values, from, to),
                subtrees));
    }

    private static MstNode merge(MstNode left, MstNode right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        int seam = left.keys.length;
        MstNode middle = merge(left.subtrees[seam], right.subtrees[0]);
        MstNode[] rest = Arrays.copyOfRange(right.subtrees, 1, right.subtrees.length);
        return new MstNode(
                left.layer,
                spliced(left.keys, seam, seam, right.keys),
                spliced(left.values, seam, seam, right.values),
                spliced(spliced(left.subtrees, seam, seam + 1, new MstNode[] {middle}), seam + 1, seam + 1, rest));
    }

    private static MstNode orNull(MstNode node) {
        return node.keys.length == 0 && node.subtrees[0] == null ? null : node;
    }

    /** A copy of {@code array} with {@code items} in place of what is at {@code from} up to {@code to}. */
    private static <T> T[] spliced(T[] array, int from, int to, T[] items) {
        T[] out = Arrays.copyOf(array, array.length - (to - from) + items.length);
        System.arraycopy(items, 0, out, from, items.length);
        System.arraycopy(array, to, out, from + items.length, array.length - to);
        return out;
    }
}
