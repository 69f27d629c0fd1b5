package dev.jetstream.decode;

import static dev.jetstream.decode.CborCursor.isIndefinite;
import static dev.jetstream.decode.CborCursor.major;

import dev.jetstream.common.Text;
import java.nio.charset.StandardCharsets;

/**
 * One frame, parsed: offsets of its fields in the frame's bytes, which stay in place until the batch is released. A frame is two
 * CBOR maps back to back, a header and a body. Unknown fields are skipped; known ones must be of their type. An offset of -1
 * means that the field is absent.
 */
final class ParsedFrame {
    enum Kind {
        COMMIT,
        IDENTITY,
        ACCOUNT,
        SYNC,
        INFO,
        ERROR,
        UNKNOWN
    }

    static final int MAX_DID_BYTES = 2048;

    private static final int MAX_WORDS_BYTES = 1000;

    private static final long OP = Bytes.name("op");
    private static final long T = Bytes.name("t");
    private static final long SEQ = Bytes.name("seq");
    private static final long REV = Bytes.name("rev");
    private static final long DID = Bytes.name("did");
    private static final long OPS = Bytes.name("ops");
    private static final long REPO = Bytes.name("repo");
    private static final long TIME = Bytes.name("time");
    private static final long BLOCKS = Bytes.name("blocks");
    private static final long COMMIT = Bytes.name("commit");
    private static final long PREV_DATA = Bytes.name("prevData");
    private static final long TOO_BIG = Bytes.name("tooBig");
    private static final long HANDLE = Bytes.name("handle");
    private static final long STATUS = Bytes.name("status");
    private static final long ACTIVE = Bytes.name("active");
    private static final long ERROR_NAME = Bytes.name("error");
    private static final long INFO_NAME = Bytes.name("name");
    private static final long MESSAGE = Bytes.name("message");

    private static final long COMMIT_KIND = Bytes.name("#commit");
    private static final long IDENTITY_KIND = Bytes.name("identity");
    private static final long ACCOUNT_KIND = Bytes.name("#account");
    private static final long SYNC_KIND = Bytes.name("#sync");
    private static final long INFO_KIND = Bytes.name("#info");

    private final CborCursor cbor = new CborCursor();

    /** The ops of a commit. */
    final Ops ops = new Ops();

    /** The blocks that the ops name, once {@link #findBlocks} has been called. */
    final CommitBlocks blocks = new CommitBlocks();

    byte[] in;
    Kind kind;
    /** The frame's sequence number, or {@link DecodedFrames#NO_SEQ}. */
    long seq;

    int bytes;
    int didAt;
    int didLength;
    int timeAt;
    int timeLength;
    int revAt;
    int revLength;
    /** The CAR, whose blocks hold the signed commit, nodes of the repository's tree and records. */
    int carAt;

    int carLength;
    /** CBOR of the signed commit's CID. */
    int commitAt;

    /** CBOR of the CID of the repository's tree before this commit, or of null. */
    int prevDataAt;

    /** The identity's handle or the account's status. */
    int optionalAt;

    int optionalLength;
    boolean tooBig;
    boolean active;
    /** The name of an error or info, fit for a log; empty when it is absent or malformed. */
    String name;

    /** The text of an error or info, likewise. */
    String message;

    private boolean hasOps;
    private boolean hasActive;

    /**
     * Parses a frame.
     *
     * @throws DropReason.Rejection when it is malformed; only {@link #kind} is meaningful then
     */
    void parse(byte[] in, int from, int to) {
        this.in = in;
        clear();
        bytes = to - from;
        cbor.over(in, from, to, DropReason.MALFORMED_FRAME);
        kind = header();
        switch (kind) {
            case COMMIT, IDENTITY, ACCOUNT -> event();
            case SYNC, UNKNOWN -> seqIfAny();
            case ERROR -> words(ERROR_NAME);
            case INFO -> words(INFO_NAME);
        }
    }

    /**
     * Finds the blocks that a commit's ops name.
     *
     * @throws DropReason.Rejection when the CAR is malformed
     */
    void findBlocks() {
        int from = Math.max(0, carAt);
        blocks.find(in, from, from + carLength, ops);
    }

    private void clear() {
        kind = Kind.UNKNOWN;
        seq = DecodedFrames.NO_SEQ;
        didAt = timeAt = revAt = carAt = commitAt = prevDataAt = optionalAt = -1;
        didLength = timeLength = revLength = carLength = optionalLength = 0;
        tooBig = active = hasOps = hasActive = false;
        name = message = "";
        ops.clear();
    }

    private Kind header() {
        boolean hasOp = false;
        boolean isError = false;
        boolean isMessage = false;
        Kind named = null;
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = cbor.key();
            if (key == OP) {
                int head = cbor.head();
                require(major(head) <= CborCursor.NEGATIVE && !isIndefinite(head));
                hasOp = true;
                isError = major(head) == CborCursor.NEGATIVE && cbor.argument == 0;
                isMessage = major(head) == CborCursor.UNSIGNED && cbor.argument == 1;
            } else if (key == T) {
                named = kind();
            } else {
                cbor.skip();
            }
        }
        require(hasOp && (!isMessage || named != null));
        return isMessage ? named : isError ? Kind.ERROR : Kind.UNKNOWN;
    }

    private Kind kind() {
        int length = cbor.string(CborCursor.TEXT);
        int at = cbor.pass(length);
        if (length == 9 && in[at] == '#' && Bytes.name(in, at + 1, 8) == IDENTITY_KIND) {
            return Kind.IDENTITY;
        }
        long name = Bytes.name(in, at, length);
        return name == COMMIT_KIND
                ? Kind.COMMIT
                : name == ACCOUNT_KIND
                        ? Kind.ACCOUNT
                        : name == SYNC_KIND ? Kind.SYNC : name == INFO_KIND ? Kind.INFO : Kind.UNKNOWN;
    }

    private void event() {
        long didKey = kind == Kind.COMMIT ? REPO : DID;
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = cbor.key();
            if (key == SEQ) {
                seq = cbor.unsigned();
            } else if (key == TIME) {
                timeLength = cbor.string(CborCursor.TEXT);
                timeAt = cbor.pass(timeLength);
            } else if (key == didKey) {
                didLength = cbor.string(CborCursor.TEXT);
                didAt = cbor.pass(didLength);
                require(didLength <= MAX_DID_BYTES);
            } else if (!isFieldOfKind(key)) {
                cbor.skip();
            }
        }
        require(seq >= 0 && didLength > 0 && timeAt >= 0);
        require(kind != Kind.COMMIT || revAt >= 0 && (hasOps || tooBig));
        require(kind != Kind.ACCOUNT || hasActive);
    }

    /** Reads the value of a key that only this kind of frame has; false when it has no such key. */
    private boolean isFieldOfKind(long key) {
        if (kind == Kind.COMMIT) {
            return isFieldOfCommit(key);
        }
        if (key == (kind == Kind.IDENTITY ? HANDLE : STATUS)) {
            optionalAt = -1;
            if (!cbor.skipNull()) {
                optionalLength = cbor.string(CborCursor.TEXT);
                optionalAt = cbor.pass(optionalLength);
            }
        } else if (kind == Kind.ACCOUNT && key == ACTIVE) {
            active = cbor.bool();
            hasActive = true;
        } else {
            return false;
        }
        return true;
    }

    private boolean isFieldOfCommit(long key) {
        if (key == REV) {
            revLength = cbor.string(CborCursor.TEXT);
            revAt = cbor.pass(revLength);
        } else if (key == OPS) {
            hasOps = true;
            ops.read(cbor);
        } else if (key == BLOCKS) {
            if (!cbor.skipNull()) {
                carLength = cbor.string(CborCursor.BYTES);
                carAt = cbor.pass(carLength);
            }
        } else if (key == TOO_BIG) {
            tooBig = cbor.bool();
        } else if (key == COMMIT) {
            commitAt = cbor.at;
            cbor.skip();
        } else if (key == PREV_DATA) {
            prevDataAt = cbor.at;
            cbor.skip();
        } else {
            return false;
        }
        return true;
    }

    /** Reads the seq of a frame that is not sent on, if its body can be read that far. */
    private void seqIfAny() {
        try {
            for (int left = cbor.map(); cbor.hasNext(left); left--) {
                if (cbor.key() == SEQ) {
                    seq = cbor.unsigned();
                } else {
                    cbor.skip();
                }
            }
        } catch (DropReason.Rejection e) {
            seq = DecodedFrames.NO_SEQ;
        }
    }

    /** Reads what a relay says about the stream itself. A bad body does not undo the frame's kind. */
    private void words(long nameKey) {
        try {
            for (int left = cbor.map(); cbor.hasNext(left); left--) {
                long key = cbor.key();
                if (key == nameKey && cbor.isText()) {
                    name = text();
                } else if (key == MESSAGE && cbor.isText()) {
                    message = text();
                } else {
                    cbor.skip();
                }
            }
        } catch (DropReason.Rejection e) {
            name = message = "";
        }
    }

    private String text() {
        int length = cbor.string(CborCursor.TEXT);
        int at = cbor.pass(length);
        return Text.cut(new String(in, at, Math.min(length, MAX_WORDS_BYTES), StandardCharsets.UTF_8));
    }

    private void require(boolean good) {
        DropReason.MALFORMED_FRAME.unless(good);
    }
}
