package dev.jetstream.relay;

import java.util.List;

/**
 * What a made-up frame says, for tests that compare it with what subscribers got. Told at the moment the frame is made, in the
 * order of the stream. Immutable as long as nobody changes a record's model.
 */
public sealed interface SentFrame {
    /** The frame's seq. */
    long seq();

    /** The account: {@code repo} of a commit, {@code did} of the others. */
    String did();

    /** The frame's {@code time}, RFC 3339 with milliseconds. */
    String time();

    /**
     * A {@code #commit}.
     *
     * @param since the rev before, null for a repository's first commit
     * @param prevData the root of the tree before, null for a repository's first commit
     */
    record Commit(long seq, String did, String time, String rev, String since, Cid commit, Cid prevData, List<Op> ops)
            implements SentFrame {}

    /**
     * One op of a commit.
     *
     * @param action {@code create}, {@code update} or {@code delete}
     * @param cid the record's, null for a delete
     * @param prev the CID of the record before, null for a create
     * @param record the record's model, null for a delete: maps, lists, {@code String}, {@code Long}, {@code Integer},
     *     {@code Boolean}, {@code byte[]}, {@link Cid}, null
     */
    record Op(String action, String collection, String rkey, Cid cid, Cid prev, Object record) {
        public String path() {
            return collection + '/' + rkey;
        }
    }

    /** An {@code #identity}; the handle is null where the frame has none. */
    record Identity(long seq, String did, String time, String handle) implements SentFrame {}

    /** An {@code #account}; the status is null where the frame has none. */
    record Account(long seq, String did, String time, boolean active, String status) implements SentFrame {}

    /** A {@code #sync}: the repository's current commit again. */
    record Sync(long seq, String did, String time, String rev) implements SentFrame {}
}
