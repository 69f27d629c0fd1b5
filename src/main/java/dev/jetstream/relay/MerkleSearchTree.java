package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * A repository's Merkle Search Tree (atproto, "Repository", MST Structure): paths to the CIDs of their records.
 *
 * <p>A key's layer is the number of leading zeros of its SHA-256, counted in pairs of bits, so the content alone determines the
 * shape. Nodes are immutable: a change creates new ones on the path from the root, and only those have no CID yet. {@link #root}
 * computes these CIDs and returns the nodes: the tree's part of a commit's diff. Not thread-safe.
 */
final class MerkleSearchTree {
    private final MessageDigest sha256;

    /** Null when the tree is empty. */
    private Node root;

    /** An empty tree; {@code sha256} may be shared within a thread. */
    MerkleSearchTree(MessageDigest sha256) {
        this.sha256 = sha256;
    }

    /** The CID of the record at {@code path}, or null. */
    Cid get(String path) {
        byte[] key = path.getBytes(StandardCharsets.UTF_8);
        Node node = root;
        while (node != null) {
            int i = node.indexOf(key);
            if (node.holds(i, key)) {
                return node.values[i];
            }
            node = node.subtrees[i];
        }
        return null;
    }

    /** Sets the record at {@code path}. */
    void put(String path, Cid record) {
        byte[] key = path.getBytes(StandardCharsets.UTF_8);
        int layer = layer(key, sha256);
        if (root == null) {
            root = Node.empty(layer);
        }
        while (root.layer < layer) {
            root = Node.empty(root.layer + 1).withSubtree(0, root);
        }
        root = root.put(key, layer, record);
    }

    /** @throws IllegalArgumentException when the tree has no such path */
    void remove(String path) {
        if (get(path) == null) {
            throw new IllegalArgumentException("no record at " + path);
        }
        byte[] key = path.getBytes(StandardCharsets.UTF_8);
        root = root.remove(key, layer(key, sha256));
        while (root != null && root.keys.length == 0) {
            root = root.subtrees[0];
        }
    }

    /** The CID of the tree; {@code changed} receives each node created since the last call, the root last. */
    Cid root(BiConsumer<Cid, byte[]> changed) {
        return seal(root == null ? Node.empty(0) : root, changed);
    }

    private Cid seal(Node node, BiConsumer<Cid, byte[]> changed) {
        if (node == null || node.cid != null) {
            return node == null ? null : node.cid;
        }
        for (Node subtree : node.subtrees) {
            seal(subtree, changed);
        }
        byte[] block = encode(node);
        node.cid = Cid.ofBlock(block, sha256);
        changed.accept(node.cid, block);
        return node.cid;
    }

    private byte[] encode(Node node) {
        CborWriter writer = new CborWriter(512).map(2).text("e").array(node.keys.length);
        byte[] before = {};
        for (int i = 0; i < node.keys.length; i++) {
            byte[] key = node.keys[i];
            int mismatch = Arrays.mismatch(before, key);
            int shared = mismatch < 0 ? key.length : mismatch;
            writer.map(4).text("k").bytes(key, shared, key.length).text("p").integer(shared);
            writer.text("t").link(cid(node.subtrees[i + 1])).text("v").link(node.values[i]);
            before = key;
        }
        return writer.text("l").link(cid(node.subtrees[0])).toByteArray();
    }

    private static Cid cid(Node node) {
        return node == null ? null : node.cid;
    }

    /** A key's layer: pairs of leading zero bits of its SHA-256. */
    static int layer(byte[] key, MessageDigest sha256) {
        int zeros = 0;
        for (byte b : sha256.digest(key)) {
            if (b != 0) {
                return (zeros + Integer.numberOfLeadingZeros(b & 0xFF) - 24) / 2;
            }
            zeros += 8;
        }
        return zeros / 2;
    }

    /**
     * One node: its keys, and a subtree (or null) before, between and after them. Immutable except for its CID, computed on
     * demand. A layer without keys of its own has a node with no key and one subtree.
     */
    private static final class Node {
        final int layer;
        final byte[][] keys;
        final Cid[] values;
        /** One more than keys. */
        final Node[] subtrees;

        Cid cid;

        private Node(int layer, byte[][] keys, Cid[] values, Node[] subtrees) {
            this.layer = layer;
            this.keys = keys;
            this.values = values;
            this.subtrees = subtrees;
        }

        static Node empty(int layer) {
            return new Node(layer, new byte[0][], new Cid[0], new Node[1]);
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
        Node put(byte[] key, int keyLayer, Cid value) {
            int i = indexOf(key);
            if (keyLayer < layer) {
                Node below = subtrees[i] == null ? empty(layer - 1) : subtrees[i];
                return withSubtree(i, below.put(key, keyLayer, value));
            }
            if (holds(i, key)) {
                Cid[] changed = values.clone();
                changed[i] = value;
                return new Node(layer, keys, changed, subtrees);
            }
            Node left = part(subtrees[i], key, true);
            Node right = part(subtrees[i], key, false);
            return new Node(
                    layer,
                    spliced(keys, i, i, new byte[][] {key}),
                    spliced(values, i, i, new Cid[] {value}),
                    spliced(subtrees, i, i + 1, new Node[] {left, right}));
        }

        /** This node without the key, which it or a node below it holds; null when nothing is left. */
        Node remove(byte[] key, int keyLayer) {
            int i = indexOf(key);
            if (keyLayer < layer) {
                return orNull(withSubtree(i, subtrees[i].remove(key, keyLayer)));
            }
            return orNull(new Node(
                    layer,
                    spliced(keys, i, i + 1, new byte[0][]),
                    spliced(values, i, i + 1, new Cid[0]),
                    spliced(subtrees, i, i + 2, new Node[] {merge(subtrees[i], subtrees[i + 1])})));
        }

        Node withSubtree(int index, Node subtree) {
            Node[] changed = subtrees.clone();
            changed[index] = subtree;
            return new Node(layer, keys, values, changed);
        }

        /** The part before or after a key that is not in the tree; null when empty. */
        private static Node part(Node node, byte[] key, boolean before) {
            if (node == null) {
                return null;
            }
            int i = node.indexOf(key);
            Node edge = part(node.subtrees[i], key, before);
            int from = before ? 0 : i;
            int to = before ? i : node.keys.length;
            Node[] subtrees = Arrays.copyOfRange(node.subtrees, from, to + 1);
            subtrees[before ? i : 0] = edge;
            return orNull(new Node(
                    node.layer,
                    Arrays.copyOfRange(node.keys, from, to),
                    Arrays.copyOfRange(node.values, from, to),
                    subtrees));
        }

        private static Node merge(Node left, Node right) {
            if (left == null || right == null) {
                return left == null ? right : left;
            }
            int seam = left.keys.length;
            Node middle = merge(left.subtrees[seam], right.subtrees[0]);
            Node[] rest = Arrays.copyOfRange(right.subtrees, 1, right.subtrees.length);
            return new Node(
                    left.layer,
                    spliced(left.keys, seam, seam, right.keys),
                    spliced(left.values, seam, seam, right.values),
                    spliced(spliced(left.subtrees, seam, seam + 1, new Node[] {middle}), seam + 1, seam + 1, rest));
        }

        private static Node orNull(Node node) {
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
}
