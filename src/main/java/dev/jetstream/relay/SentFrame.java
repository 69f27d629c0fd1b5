package dev.jetstream.relay;

import java.util.List;

/**
 * The content of a synthetic frame, for tests that compare it with what subscribers receive. Immutable unless a record's model is
 * changed.
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
     * @param since the previous rev, null for a repository's first commit
     * @param prevData the previous root of the tree, null for a repository's first commit
     */
    record Commit(long seq, String did, String time, String rev, String since, Cid commit, Cid prevData, List<Op> ops)
            implements SentFrame {}

    /**
     * One op of a commit.
     *
     * @param action {@code create}, {@code update} or {@code delete}
     * @param cid the record's, null for a delete
     * @param prev the previous record's CID, null for a create
     * @param record the record's model, null for a delete: maps, lists, {@code String}, {@code Long}, {@code Integer},
     *     {@code Boolean}, {@code byte[]}, {@link Cid}, null
     */
    record Op(String action, String collection, String rkey, Cid cid, Cid prev, Object record) {
        public String path() {
            return collection + '/' + rkey;
        }
    }

    /** An {@code #identity}; the handle may be null. */
    record Identity(long seq, String did, String time, String handle) implements SentFrame {}

    /** An {@code #account}; the status may be null. */
    record Account(long seq, String did, String time, boolean active, String status) implements SentFrame {}

    /** A {@code #sync}: the repository's current commit again. */
    record Sync(long seq, String did, String time, String rev) implements SentFrame {}
}
