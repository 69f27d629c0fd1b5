package dev.jetstream.relay;

import java.util.List;

/** The event stream's frames (atproto, "Event Stream"): a header and a body, both canonical DAG-CBOR, back to back. */
final class StreamFrames {
    private StreamFrames() {}

    /** A {@code #commit} of {@code com.atproto.sync.subscribeRepos}; {@code car} holds the blocks of the diff. */
    static byte[] commit(SentFrame.Commit commit, byte[] car) {
        CborWriter out = header("#commit", car.length + 768);
        out.map(commit.prevData() == null ? 11 : 12)
                .text("ops")
                .array(commit.ops().size());
        commit.ops().forEach(op -> op(out, op));
        out.text("rev").text(commit.rev());
        out.text("seq").integer(commit.seq());
        out.text("repo").text(commit.did());
        out.text("time").text(commit.time());
        out.text("blobs").array(0);
        out.text("since").textOrNil(commit.since());
        out.text("blocks").bytes(car);
        out.text("commit").link(commit.commit());
        out.text("rebase").bool(false);
        out.text("tooBig").bool(false);
        if (commit.prevData() != null) {
            out.text("prevData").link(commit.prevData());
        }
        return out.toByteArray();
    }

    private static void op(CborWriter out, SentFrame.Op op) {
        out.map(op.prev() == null ? 3 : 4).text("cid").link(op.cid());
        out.text("path").text(op.path());
        if (op.prev() != null) {
            out.text("prev").link(op.prev());
        }
        out.text("action").text(op.action());
    }

    static byte[] identity(SentFrame.Identity event) {
        CborWriter out = header("#identity", 192).map(event.handle() == null ? 3 : 4);
        event(out, event);
        if (event.handle() != null) {
            out.text("handle").text(event.handle());
        }
        return out.toByteArray();
    }

    static byte[] account(SentFrame.Account event) {
        CborWriter out = header("#account", 192).map(event.status() == null ? 4 : 5);
        event(out, event);
        out.text("active").bool(event.active());
        if (event.status() != null) {
            out.text("status").text(event.status());
        }
        return out.toByteArray();
    }

    private static void event(CborWriter out, SentFrame event) {
        out.text("did").text(event.did());
        out.text("seq").integer(event.seq());
        out.text("time").text(event.time());
    }

    /** A {@code #sync}; {@code car} holds the commit alone. */
    static byte[] sync(SentFrame.Sync event, byte[] car) {
        CborWriter out = header("#sync", car.length + 192).map(5);
        out.text("did").text(event.did());
        out.text("rev").text(event.rev());
        out.text("seq").integer(event.seq());
        out.text("time").text(event.time());
        return out.text("blocks").bytes(car).toByteArray();
    }

    /** An {@code #info}: it has no seq. */
    static byte[] info(String name, String message) {
        CborWriter out = header("#info", 128).map(2);
        return out.text("name").text(name).text("message").text(message).toByteArray();
    }

    /** The error frame that a relay sends before it closes. */
    static byte[] error(String error, String message) {
        CborWriter out = new CborWriter(128).map(1).text("op").integer(-1).map(2);
        return out.text("error").text(error).text("message").text(message).toByteArray();
    }

    private static CborWriter header(String type, int capacity) {
        return new CborWriter(capacity).map(2).text("t").text(type).text("op").integer(1);
    }

    /** A block of a CAR file. */
    record Block(Cid cid, byte[] bytes) {}

    /** A CAR file, version 1; the first block is its root. */
    static byte[] car(List<Block> blocks) {
        byte[] header = new CborWriter(64)
                .map(2)
                .text("roots")
                .array(1)
                .link(blocks.get(0).cid)
                .text("version")
                .integer(1)
                .toByteArray();
        CborWriter out = new CborWriter(2048).varint(header.length).raw(header, 0, header.length);
        for (Block block : blocks) {
            out.varint(Cid.BYTES + block.bytes.length)
                    .raw(block.cid.shared(), 0, Cid.BYTES)
                    .raw(block.bytes, 0, block.bytes.length);
        }
        return out.toByteArray();
    }
}
