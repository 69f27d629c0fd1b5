package dev.jetstream.relay;

import java.security.MessageDigest;
import java.util.List;

/** Frames with texts of a test's choice where a well-meant relay has none: for whoever shows events to people. */
public final class HostileFrames {
    private static final String TIME = "2026-01-01T00:00:00.000Z";

    private HostileFrames() {}

    /**
     * A {@code #commit} that creates one record.
     *
     * @param record a model as {@link SentFrame.Op#record()} has it
     */
    public static byte[] commit(long seq, String did, String collection, String rkey, String rev, Object record) {
        MessageDigest sha256 = Cid.sha256();
        byte[] block = CborWriter.encode(record);
        Cid cid = Cid.ofBlock(block, sha256);
        byte[] car = StreamFrames.car(List.of(new StreamFrames.Block(cid, block)));
        SentFrame.Op op = new SentFrame.Op("create", collection, rkey, cid, null, record);
        return StreamFrames.commit(new SentFrame.Commit(seq, did, TIME, rev, null, cid, null, List.of(op)), car);
    }

    /** An {@code #identity}. */
    public static byte[] identity(long seq, String did, String handle) {
        return StreamFrames.identity(new SentFrame.Identity(seq, did, TIME, handle));
    }

    /** An {@code #account}. */
    public static byte[] account(long seq, String did, String status) {
        return StreamFrames.account(new SentFrame.Account(seq, did, TIME, false, status));
    }
}
