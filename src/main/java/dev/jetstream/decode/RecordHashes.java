package dev.jetstream.decode;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Verifies a commit between parsing and encoding, while its bytes are still there: each record's SHA-256 must be that of the op's
 * CID. Checks of the signature, of the tree and of {@code prevData} belong here too: the frame has the offsets of the signed
 * commit's CID, of the previous tree's CID, and of the CAR.
 */
final class RecordHashes {
    private static final int SHA256_BYTES = 32;

    private final MessageDigest sha256 = sha256();
    private final byte[] digest = new byte[SHA256_BYTES];

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    /** Rejects the blocks that are missing or do not have their hash. */
    void check(ParsedFrame frame) {
        Ops ops = frame.ops;
        for (int op = 0; op < ops.count(); op++) {
            if (frame.blocks.shared(op) == op && ops.writes(op) && ops.cidAt(op) >= 0) {
                check(frame, op);
            }
        }
    }

    private void check(ParsedFrame frame, int op) {
        CommitBlocks blocks = frame.blocks;
        int blockAt = blocks.at(op);
        if (blockAt < 0) {
            blocks.reject(op, DropReason.MISSING_BLOCK);
            return;
        }
        int hashAt = Cid.sha256At(frame.in, frame.ops.cidAt(op), frame.ops.cidLength(op));
        if (hashAt < 0 || !hasHash(frame.in, blockAt, blocks.length(op), hashAt)) {
            blocks.reject(op, DropReason.WRONG_HASH);
        }
    }

    private boolean hasHash(byte[] in, int at, int length, int hashAt) {
        try {
            sha256.update(in, at, length);
            sha256.digest(digest, 0, SHA256_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 gave more than 32 bytes", e);
        }
        return Arrays.equals(digest, 0, SHA256_BYTES, in, hashAt, hashAt + SHA256_BYTES);
    }
}
