package dev.jetstream.decode;

import static dev.jetstream.decode.CborCursor.isIndefinite;
import static dev.jetstream.decode.CborCursor.major;

/**
 * The header and the body of a frame: where its fields stand. A frame is two CBOR maps back to back; fields that are not known
 * are read over, the rest must be of its type. Offsets are into {@link #in}; an offset of -1 says that the field is not there.
 */
final class Envelope {
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
    static final long NONE = -1;

    private static final long OP = Bytes.name("op");
    private static final long T = Bytes.name("t");
    private static final long SEQ = Bytes.name("seq");
    private static final long REV = Bytes.name("rev");
    private static final long DID = Bytes.name("did");
    private static final long OPS = Bytes.name("ops");
    private static final long REPO = Bytes.name("repo");
    private static final long TIME = Bytes.name("time");
    private static final long BLOCKS = Bytes.name("blocks");
    private static final long TOO_BIG = Bytes.name("tooBig");
    private static final long HANDLE = Bytes.name("handle");
    private static final long STATUS = Bytes.name("status");
    private static final long ACTIVE = Bytes.name("active");

    private static final long COMMIT_KIND = Bytes.name("#commit");
    private static final long IDENTITY_KIND = Bytes.name("#identity".substring(1));
    private static final long ACCOUNT_KIND = Bytes.name("#account");
    private static final long SYNC_KIND = Bytes.name("#sync");
    private static final long INFO_KIND = Bytes.name("#info");

    private final CborCursor cbor = new CborCursor();
    private final Ops ops;

    byte[] in;
    Kind kind;
    /** The frame's place in the relay's stream, or -1. */
    long seq;

    int didAt;
    int didLength;
    int timeAt;
    int timeLength;
    int revAt;
    int revLength;
    int blocksAt;
    int blocksLength;
    /** The identity's handle or the account's status. */
    int optionalAt;

    int optionalLength;
    boolean tooBig;
    boolean active;

    private boolean hasOps;
    private boolean hasActive;

    /** An envelope that hands the ops of commits to {@code ops}. */
    Envelope(Ops ops) {
        this.ops = ops;
    }

    /** Reads a frame; what is wrong with it is a {@link Rejection}, after which only {@link #kind} counts. */
    void read(byte[] in, int from, int to) {
        this.in = in;
        clear();
        cbor.over(in, from, to, DropReason.MALFORMED_FRAME);
        kind = header();
        switch (kind) {
            case COMMIT -> commit();
            case IDENTITY -> identity();
            case ACCOUNT -> account();
            case SYNC, UNKNOWN -> seqIfAny();
            default -> {}
        }
    }

    private void clear() {
        kind = Kind.UNKNOWN;
        seq = NONE;
        didAt = timeAt = revAt = blocksAt = optionalAt = -1;
        didLength = timeLength = revLength = blocksLength = optionalLength = 0;
        tooBig = active = hasOps = hasActive = false;
        ops.clear();
    }

    private Kind header() {
        boolean hasOp = false;
        boolean isError = false;
        boolean isMessage = false;
        Kind named = null;
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = key();
            if (key == OP) {
                int head = cbor.head();
                if (major(head) > CborCursor.NEGATIVE || isIndefinite(head)) {
                    throw cbor.malformed();
                }
                hasOp = true;
                isError = major(head) == CborCursor.NEGATIVE && cbor.argument == 0;
                isMessage = major(head) == CborCursor.UNSIGNED && cbor.argument == 1;
            } else if (key == T) {
                named = kind();
            } else {
                cbor.skip();
            }
        }
        if (!hasOp || isMessage && named == null) {
            throw cbor.malformed();
        }
        return isMessage ? named : isError ? Kind.ERROR : Kind.UNKNOWN;
    }

    private Kind kind() {
        int length = cbor.string(CborCursor.TEXT);
        int at = cbor.at;
        cbor.at = at + length;
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

    /** Reads a key. Returns it as {@link Bytes#name}, -1 when it is no text or longer than eight bytes. */
    private long key() {
        if (major(cbor.peek()) != CborCursor.TEXT || isIndefinite(cbor.peek())) {
            cbor.skip();
            return -1;
        }
        int length = cbor.string(CborCursor.TEXT);
        int at = cbor.at;
        cbor.at = at + length;
        return Bytes.name(in, at, length);
    }

    private void commit() {
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = key();
            if (key == SEQ) {
                seq = cbor.unsigned();
            } else if (key == REPO) {
                did();
            } else if (key == REV) {
                revLength = cbor.string(CborCursor.TEXT);
                revAt = behind(revLength);
            } else if (key == TIME) {
                time();
            } else if (key == OPS) {
                hasOps = true;
                ops.read(cbor);
            } else if (key == BLOCKS) {
                blocks();
            } else if (key == TOO_BIG) {
                tooBig = cbor.bool();
            } else {
                cbor.skip();
            }
        }
        require(seq >= 0 && didLength > 0 && revAt >= 0 && timeAt >= 0 && (hasOps || tooBig));
    }

    private void identity() {
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = key();
            if (key == SEQ) {
                seq = cbor.unsigned();
            } else if (key == DID) {
                did();
            } else if (key == TIME) {
                time();
            } else if (key == HANDLE) {
                optional();
            } else {
                cbor.skip();
            }
        }
        require(seq >= 0 && didLength > 0 && timeAt >= 0);
    }

    private void account() {
        for (int left = cbor.map(); cbor.hasNext(left); left--) {
            long key = key();
            if (key == SEQ) {
                seq = cbor.unsigned();
            } else if (key == DID) {
                did();
            } else if (key == TIME) {
                time();
            } else if (key == ACTIVE) {
                active = cbor.bool();
                hasActive = true;
            } else if (key == STATUS) {
                optional();
            } else {
                cbor.skip();
            }
        }
        require(seq >= 0 && didLength > 0 && timeAt >= 0 && hasActive);
    }

    /** The seq of a frame that is not sent on, when its body can be read that far. */
    private void seqIfAny() {
        try {
            for (int left = cbor.map(); cbor.hasNext(left); left--) {
                if (key() == SEQ) {
                    seq = cbor.unsigned();
                } else {
                    cbor.skip();
                }
            }
        } catch (Rejection e) {
            seq = NONE;
        }
    }

    private void did() {
        didLength = cbor.string(CborCursor.TEXT);
        didAt = behind(didLength);
        require(didLength <= MAX_DID_BYTES);
    }

    private void time() {
        timeLength = cbor.string(CborCursor.TEXT);
        timeAt = behind(timeLength);
    }

    private void blocks() {
        if (cbor.skipNull()) {
            return;
        }
        blocksLength = cbor.string(CborCursor.BYTES);
        blocksAt = behind(blocksLength);
    }

    private void optional() {
        if (cbor.skipNull()) {
            optionalAt = -1;
            return;
        }
        optionalLength = cbor.string(CborCursor.TEXT);
        optionalAt = behind(optionalLength);
    }

    /** Moves behind a string's bytes; returns where they began. */
    private int behind(int length) {
        int at = cbor.at;
        cbor.at = at + length;
        return at;
    }

    private void require(boolean present) {
        if (!present) {
            throw cbor.malformed();
        }
    }
}
