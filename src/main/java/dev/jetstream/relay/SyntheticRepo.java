package dev.jetstream.relay;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An account's repository: its tree, head and key, without the records. Not thread-safe. */
final class SyntheticRepo {
    /** A write to one path; a null record deletes. */
    record Write(String collection, String rkey, Object record) {
        String path() {
            return collection + '/' + rkey;
        }
    }

    /** The result of a commit. */
    record Committed(String since, Cid prevData, Cid commit, List<SentFrame.Op> ops, byte[] car) {}

    final String did;
    final String handle;

    private final BigInteger key;
    private final MessageDigest sha256;
    private final MerkleSearchTree tree;
    private final List<String> paths = new ArrayList<>();
    private final Map<String, Integer> placeOf = new HashMap<>();

    boolean active = true;
    private String rev;
    private Cid data;
    private Cid head;
    private byte[] headBlock;

    /** @param sha256 may be shared within a thread */
    SyntheticRepo(String did, String handle, BigInteger key, MessageDigest sha256) {
        this.did = did;
        this.handle = handle;
        this.key = key;
        this.sha256 = sha256;
        this.tree = new MerkleSearchTree(sha256);
    }

    /** The rev of the last commit, null before the first. */
    String rev() {
        return rev;
    }

    /** The paths of all records, in no order. */
    List<String> paths() {
        return paths;
    }

    /** A CAR of the last commit alone, for {@code #sync}. */
    byte[] headCar() {
        return StreamFrames.car(List.of(new StreamFrames.Block(head, headBlock)));
    }

    /** Applies the writes, whose paths differ, and signs a commit with this rev; the CAR holds the blocks of the diff. */
    Committed commit(List<Write> writes, String newRev, K256 signer) {
        List<SentFrame.Op> ops = new ArrayList<>(writes.size());
        List<byte[]> records = new ArrayList<>(writes.size());
        for (Write write : writes) {
            byte[] block = write.record == null ? null : CborWriter.encode(write.record);
            records.add(block);
            ops.add(apply(write, block == null ? null : Cid.ofBlock(block, sha256)));
        }
        List<StreamFrames.Block> blocks = new ArrayList<>();
        Cid newData = tree.root((cid, node) -> blocks.add(new StreamFrames.Block(cid, node)));
        byte[] digest = sha256.digest(encode(newRev, newData, null));
        byte[] block = encode(newRev, newData, signer.sign(digest, key));
        Cid commit = Cid.ofBlock(block, sha256);
        blocks.add(0, new StreamFrames.Block(commit, block));
        for (int i = 0; i < ops.size(); i++) {
            if (records.get(i) != null) {
                blocks.add(new StreamFrames.Block(ops.get(i).cid(), records.get(i)));
            }
        }
        Committed committed = new Committed(rev, data, commit, List.copyOf(ops), StreamFrames.car(blocks));
        rev = newRev;
        data = newData;
        head = commit;
        headBlock = block;
        return committed;
    }

    private SentFrame.Op apply(Write write, Cid cid) {
        String path = write.path();
        Cid before = tree.get(path);
        if (cid == null) {
            tree.remove(path);
            forget(path);
        } else {
            tree.put(path, cid);
            if (before == null) {
                placeOf.put(path, paths.size());
                paths.add(path);
            }
        }
        String action = cid == null ? "delete" : before == null ? "create" : "update";
        return new SentFrame.Op(action, write.collection, write.rkey, cid, before, write.record);
    }

    private void forget(String path) {
        int place = placeOf.remove(path);
        String last = paths.remove(paths.size() - 1);
        if (!last.equals(path)) {
            paths.set(place, last);
            placeOf.put(last, place);
        }
    }

    /** A commit of version 3; without a signature, the bytes to sign. */
    private byte[] encode(String commitRev, Cid root, byte[] signature) {
        CborWriter out = new CborWriter(256).map(signature == null ? 5 : 6);
        out.text("did").text(did).text("rev").text(commitRev);
        if (signature != null) {
            out.text("sig").bytes(signature);
        }
        return out.text("data")
                .link(root)
                .text("prev")
                .nil()
                .text("version")
                .integer(3)
                .toByteArray();
    }
}
