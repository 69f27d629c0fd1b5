package dev.jetstream.decode;

import java.util.Locale;

/** Why a frame, or one op of it, gave no event: the values of a metric's label. */
public enum DropReason {
    /** The frame is not CBOR, is cut short, or lacks a field that its kind must have. */
    MALFORMED_FRAME,
    /** The frame's {@code op} or {@code t} is unknown. */
    UNKNOWN_KIND,
    /** {@code #sync}, which is not sent on. */
    SYNC,
    /** {@code #info}, which is not sent on. */
    INFO,
    /** {@code op} -1. */
    ERROR_FRAME,
    /** A commit that the relay says is too big to carry its blocks. */
    TOO_BIG,
    /** The CAR of a commit cannot be read. */
    MALFORMED_CAR,
    /** The op's path is not one NSID, one {@code /} and an rkey. */
    BAD_PATH,
    /** The op is not a create, update or delete, or lacks its CID. */
    BAD_OP,
    /** The CAR lacks the op's record. */
    MISSING_BLOCK,
    /** The record's bytes do not hash to the op's CID, or the CID's hash is not SHA-256. */
    WRONG_HASH,
    /** The record is not DAG-CBOR: indefinite lengths, trailing bytes, repeated or non-string keys, cut short. */
    MALFORMED_RECORD,
    /** The record is DAG-CBOR that the atproto data model has no JSON for. */
    BAD_RECORD,
    /** A float that is not a whole number. */
    FLOAT,
    /** An integer outside 64 bits, signed. */
    BIG_INTEGER,
    /** A record, key, map or nesting over its limit, or more ops or output than one frame may give. */
    TOO_LARGE,
    /** A bug of the decoder: the rest of the frame is skipped, the log has the stack trace. */
    DECODER_FAULT,
    /** The frame's {@code time} is not RFC 3339: counted, but the frame is sent. */
    BAD_TIME,
    /** {@code jetstream.upstream.collections} or {@code dids} exclude the op, or the whole frame. */
    EXCLUDED,
    /** The relay sent the frame before. */
    REPEAT;

    private final String label = name().toLowerCase(Locale.ROOT);
    private final Rejection rejection = new Rejection(this);

    /**
     * Leaves a bad frame, op or record from deep inside it. One instance per reason, without a stack trace; it never leaves
     * {@link FrameDecoder}.
     */
    static final class Rejection extends RuntimeException {
        private final transient DropReason reason;

        private Rejection(DropReason reason) {
            super(reason.name(), null, false, false);
            this.reason = reason;
        }

        DropReason reason() {
            return reason;
        }
    }

    /** The reason as a metric's label. */
    public String label() {
        return label;
    }

    /** The exception to throw for this reason. */
    Rejection rejection() {
        return rejection;
    }

    /** @throws Rejection for this reason, unless {@code good} */
    void unless(boolean good) {
        if (!good) {
            throw rejection;
        }
    }
}
