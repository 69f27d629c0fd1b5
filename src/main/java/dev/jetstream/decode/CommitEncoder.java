package dev.jetstream.decode;

import dev.jetstream.event.EventKind;
import java.util.Arrays;

/**
 * Encodes the ops of a parsed and verified commit as messages. A record is written once per commit, however many ops name it: the
 * others copy it. The output of one frame is limited, so that a frame cannot multiply itself.
 */
final class CommitEncoder {
    private static final int MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
    private static final int OUTPUT_PER_INPUT = 16;
    private static final int OUTPUT_BASE = 64 * 1024;
    private static final int MAX_RKEY_BYTES = 512;

    private final JsonOut out;
    private final MessageWriter messages;
    private final DecodedFrames.Builder output;
    private final CollectionTable collections;
    private final RecordWriter records = new RecordWriter();

    /** Offset and length of the JSON of each op's record; -1: not written. */
    private int[] writtenAt = new int[64];

    private int[] writtenLengths = new int[64];
    private long outputEnd;
    private boolean full;

    CommitEncoder(JsonOut out, MessageWriter messages, DecodedFrames.Builder output, CollectionTable collections) {
        this.out = out;
        this.messages = messages;
        this.output = output;
        this.collections = collections;
    }

    /** Gives memory back when it holds much more than usual. */
    void reset() {
        records.reset();
    }

    /** Writes a message for each op; counts the ops that give none. */
    void encode(ParsedFrame frame) {
        Ops ops = frame.ops;
        outputEnd = out.at + Math.min(MAX_OUTPUT_BYTES, (long) OUTPUT_PER_INPUT * frame.bytes + OUTPUT_BASE);
        full = false;
        int count = ops.count();
        if (writtenAt.length < count) {
            writtenAt = new int[count];
            writtenLengths = new int[count];
        }
        Arrays.fill(writtenAt, 0, count, -1);
        for (int op = 0; op < count; op++) {
            int start = out.at;
            try {
                encode(frame, op);
            } catch (DropReason.Rejection e) {
                out.at = start;
                output.drop(e.reason(), 1);
            }
        }
        output.drop(DropReason.BAD_OP, ops.bad());
        output.drop(DropReason.TOO_LARGE, ops.excess());
    }

    private void encode(ParsedFrame frame, int op) {
        DropReason.TOO_LARGE.unless(!full);
        Ops ops = frame.ops;
        byte[] in = frame.in;
        int action = ops.action(op);
        int pathAt = ops.pathAt(op);
        int pathEnd = pathAt + ops.pathLength(op);
        int slashAt = slash(in, pathAt, pathEnd);
        int collection = collections.index(in, pathAt, slashAt);
        DropReason.BAD_PATH.unless(collection >= 0);
        if (action == Ops.DELETE) {
            messages.beginCommit(frame, action, pathAt, slashAt, pathEnd);
            messages.endDelete();
            finish(collection, action);
            return;
        }
        DropReason.BAD_OP.unless(ops.cidAt(op) >= 0);
        int first = frame.blocks.shared(op);
        DropReason fault = frame.blocks.fault(first);
        if (fault != null) {
            throw fault.rejection();
        }
        messages.beginCommit(frame, action, pathAt, slashAt, pathEnd);
        messages.beginRecord();
        int recordAt = out.at;
        record(frame, first);
        int recordLength = out.at - recordAt;
        messages.endCommit(in, ops.cidAt(op), ops.cidLength(op));
        writtenAt[first] = recordAt + finish(collection, action);
        writtenLengths[first] = recordLength;
    }

    private int finish(int collection, int action) {
        int moved = messages.finish();
        requireRoom(out.at);
        output.op(collection, action);
        output.event(out.at, EventKind.COMMIT, collection, messages.didLength());
        return moved;
    }

    /** Offset of the only slash of a path whose rkey has a valid length. */
    private static int slash(byte[] in, int pathAt, int pathEnd) {
        int slashAt = -1;
        for (int i = pathAt; i < pathEnd && pathAt >= 0; i++) {
            if (in[i] == '/') {
                DropReason.BAD_PATH.unless(slashAt < 0);
                slashAt = i;
            }
        }
        int rkeyBytes = pathEnd - slashAt - 1;
        DropReason.BAD_PATH.unless(slashAt >= 0 && rkeyBytes >= 1 && rkeyBytes <= MAX_RKEY_BYTES);
        return slashAt;
    }

    private void record(ParsedFrame frame, int first) {
        if (writtenAt[first] >= 0) {
            int length = writtenLengths[first];
            requireRoom((long) out.at + length);
            out.put(out.bytes, writtenAt[first], length);
            return;
        }
        try {
            int at = frame.blocks.at(first);
            records.write(frame.in, at, at + frame.blocks.length(first), out);
        } catch (DropReason.Rejection e) {
            frame.blocks.reject(first, e.reason());
            throw e;
        }
    }

    /** Rejects this op and all that follow when the commit's output would become too long. */
    private void requireRoom(long end) {
        full = end > outputEnd;
        DropReason.TOO_LARGE.unless(!full);
    }
}
