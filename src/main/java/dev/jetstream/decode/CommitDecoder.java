package dev.jetstream.decode;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Turns the ops of a commit into messages. A record is hashed and written once per commit, however many ops name it: the others
 * copy it. What one frame may give is limited, so that it cannot multiply itself.
 */
final class CommitDecoder {
    private static final int MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
    private static final int OUTPUT_PER_INPUT = 16;
    private static final int OUTPUT_BASE = 64 * 1024;
    private static final int MAX_RKEY_BYTES = 512;
    private static final int SHA256_BYTES = 32;

    /** What {@link #records} says of a record that was not looked at yet; other negative values are reasons. */
    private static final int UNSEEN = -1;

    private final JsonOut out;
    private final MessageWriter messages;
    private final BatchOutput output;
    private final CollectionTable collections;
    private final Ops ops;
    private final CarScan car = new CarScan();
    private final RecordWriter record = new RecordWriter();
    private final MessageDigest sha256 = sha256();
    private final byte[] digest = new byte[SHA256_BYTES];

    /** Where the record of each op's CID stands in the JSON, and its length. */
    private int[] records = new int[64];

    private int[] recordLengths = new int[64];
    private long outputEnd;
    private boolean full;

    CommitDecoder(JsonOut out, MessageWriter messages, BatchOutput output, CollectionTable collections, Ops ops) {
        this.out = out;
        this.messages = messages;
        this.output = output;
        this.collections = collections;
        this.ops = ops;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    /** Gives memory back when much more is held than usual. */
    void reset() {
        record.reset();
    }

    /** Writes a message for each op of the commit that {@code frame} is; counts those dropped. */
    void decode(Envelope frame, int frameBytes) {
        outputEnd = out.at + Math.min(MAX_OUTPUT_BYTES, (long) OUTPUT_PER_INPUT * frameBytes + OUTPUT_BASE);
        full = false;
        car.scan(frame.in, Math.max(0, frame.blocksAt), Math.max(0, frame.blocksAt) + frame.blocksLength, ops);
        int count = ops.count();
        if (records.length < count) {
            records = new int[count];
            recordLengths = new int[count];
        }
        Arrays.fill(records, 0, count, UNSEEN);
        for (int op = 0; op < count; op++) {
            int start = out.at;
            try {
                op(frame, op);
            } catch (Rejection e) {
                out.at = start;
                output.drop(e.reason(), 1);
            }
        }
        output.drop(DropReason.BAD_OP, ops.bad());
        output.drop(DropReason.TOO_LARGE, ops.excess());
    }

    private void op(Envelope frame, int op) {
        require(!full, DropReason.TOO_LARGE);
        byte[] in = frame.in;
        int action = ops.action(op);
        int pathAt = ops.pathAt(op);
        int pathEnd = pathAt + ops.pathLength(op);
        int slashAt = slash(in, pathAt, pathEnd);
        int collection = collections.index(in, pathAt, slashAt - pathAt);
        require(collection >= 0, DropReason.BAD_PATH);
        if (action == Ops.DELETE) {
            messages.beginCommit(frame, action, pathAt, slashAt, pathEnd);
            messages.endDelete();
            finish(collection, action);
            return;
        }
        require(ops.cidAt(op) >= 0, DropReason.BAD_OP);
        int first = car.shared(op);
        check(in, first);
        messages.beginCommit(frame, action, pathAt, slashAt, pathEnd);
        messages.beginRecord();
        int recordAt = out.at;
        record(in, first);
        int recordLength = out.at - recordAt;
        messages.endCommit(in, ops.cidAt(op), ops.cidLength(op));
        recordAt += finish(collection, action);
        records[first] = recordAt;
        recordLengths[first] = recordLength;
    }

    private int finish(int collection, int action) {
        int moved = messages.finish();
        requireRoom(out.at);
        output.op(collection, action);
        output.event(out.at, collection, messages.didLength());
        return moved;
    }

    /** Finds the only slash of a path, with an rkey of the right length behind it. */
    private static int slash(byte[] in, int pathAt, int pathEnd) {
        int slashAt = -1;
        for (int i = pathAt; i < pathEnd && pathAt >= 0; i++) {
            if (in[i] == '/') {
                require(slashAt < 0, DropReason.BAD_PATH);
                slashAt = i;
            }
        }
        int rkeyBytes = pathEnd - slashAt - 1;
        require(slashAt >= 0 && rkeyBytes >= 1 && rkeyBytes <= MAX_RKEY_BYTES, DropReason.BAD_PATH);
        return slashAt;
    }

    /** Checks the block of an op's CID the first time that it is asked for. */
    private void check(byte[] in, int first) {
        int state = records[first];
        if (state >= 0) {
            return;
        }
        require(state == UNSEEN, reasonOf(state));
        DropReason reason = verify(in, first);
        if (reason != null) {
            throw remember(first, reason);
        }
    }

    private DropReason verify(byte[] in, int first) {
        int blockAt = car.blockAt(first);
        if (blockAt < 0) {
            return DropReason.MISSING_BLOCK;
        }
        int hashAt = Cid.sha256At(in, ops.cidAt(first), ops.cidLength(first));
        if (hashAt < 0) {
            return DropReason.WRONG_HASH;
        }
        try {
            sha256.update(in, blockAt, car.blockLength(first));
            sha256.digest(digest, 0, SHA256_BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 gave more than 32 bytes", e);
        }
        boolean same = Arrays.equals(digest, 0, SHA256_BYTES, in, hashAt, hashAt + SHA256_BYTES);
        return same ? null : DropReason.WRONG_HASH;
    }

    private void record(byte[] in, int first) {
        int writtenAt = records[first];
        if (writtenAt >= 0) {
            int length = recordLengths[first];
            requireRoom((long) out.at + length);
            out.put(out.bytes, writtenAt, length);
            return;
        }
        try {
            int blockAt = car.blockAt(first);
            record.write(in, blockAt, blockAt + car.blockLength(first), out);
        } catch (Rejection e) {
            throw remember(first, e.reason());
        }
    }

    private Rejection remember(int first, DropReason reason) {
        records[first] = UNSEEN - 1 - reason.ordinal();
        return Rejection.of(reason);
    }

    private static DropReason reasonOf(int state) {
        return state >= UNSEEN ? DropReason.TOO_LARGE : REASONS[UNSEEN - 1 - state];
    }

    private static final DropReason[] REASONS = DropReason.values();

    /** Ends the commit, for all ops that follow, where its output would reach too far. */
    private void requireRoom(long end) {
        full = end > outputEnd;
        require(!full, DropReason.TOO_LARGE);
    }

    private static void require(boolean good, DropReason reason) {
        if (!good) {
            throw Rejection.of(reason);
        }
    }
}
