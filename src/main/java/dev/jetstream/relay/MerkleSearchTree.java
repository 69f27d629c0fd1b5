package dev.jetstream.relay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.BiConsumer;

/**
 * A repository's Merkle Search Tree (atproto, "Repository", MST Structure): paths to the CIDs of their records.
 *
 * <p>A key's layer is the number of leading zeros of its SHA-256, counted in pairs of bits, so the shape follows from the
 * content alone. Nodes are immutable: a change makes new ones on the way from the root, and exactly those have no CID yet.
 * {@link #root} names them and hands them out: they are the tree's part of a commit's diff. Not thread-safe.
 */
final class MerkleSearchTree {
    private final MessageDigest sha256;

    /** Null when the tree is empty. */
    private MstNode root;

    /** An empty tree; {@code sha256} may be shared by whoever runs in the same thread. */
    MerkleSearchTree(MessageDigest sha256) {
        this.sha256 = sha256;
    }

    /** The CID of the record at {@code path}, or null. */
    Cid get(String path) {
        byte[] key = path.getBytes(StandardCharsets.UTF_8);
        MstNode node = root;
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
            root = MstNode.empty(layer);
        }
        while (root.layer < layer) {
            root = MstNode.empty(root.layer + 1).withSubtree(0, root);
        }
        root = root.put(key, layer, record);
    }

    /** @throws IllegalArgumentException where the tree has no such path */
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

    /** The CID of the tree; each node made since the last call is handed to {@code changed} first, the root at the end. */
    Cid root(BiConsumer<Cid, byte[]> changed) {
        return seal(root == null ? MstNode.empty(0) : root, changed);
    }

    private Cid seal(MstNode node, BiConsumer<Cid, byte[]> changed) {
        if (node == null || node.cid != null) {
            return node == null ? null : node.cid;
        }
        for (MstNode subtree : node.subtrees) {
            seal(subtree, changed);
        }
        byte[] block = encode(node);
        node.cid = Cid.ofBlock(block, sha256);
        changed.accept(node.cid, block);
        return node.cid;
    }

    private byte[] encode(MstNode node) {
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

    private static Cid cid(MstNode node) {
        return node == null ? null : node.cid;
    }

    /** The layer that a key belongs to: pairs of leading zero bits of its SHA-256. */
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
}
