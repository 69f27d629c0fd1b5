package dev.jetstream.decode;

import java.util.Locale;

/** Why a frame, or one op of it, gave no event. Bounded, so that each can be a metric's label. */
public enum DropReason {
    /** The frame is no CBOR, is cut short, or lacks a field that its kind must have. */
    MALFORMED_FRAME,
    /** A {@code t} that is not known. */
    UNKNOWN_KIND,
    /** {@code #sync}: not sent on. */
    SYNC,
    /** {@code #info}: not sent on. */
    INFO,
    /** {@code op} -1. */
    ERROR_FRAME,
    /** A commit that the relay says is too big to carry its blocks. */
    TOO_BIG,
    /** The CAR of a commit cannot be read. */
    MALFORMED_CAR,
    /** An op whose path is not one NSID, one {@code /} and an rkey. */
    BAD_PATH,
    /** An op that is no create, update or delete, or lacks its CID. */
    BAD_OP,
    /** The CAR does not hold the op's record. */
    MISSING_BLOCK,
    /** The record's bytes do not hash to the op's CID, or the CID's hash is not SHA-256. */
    WRONG_HASH,
    /** The record is no DAG-CBOR: indefinite lengths, trailing bytes, repeated or non-string keys, cut short. */
    MALFORMED_RECORD,
    /** The record is DAG-CBOR that the atproto data model has no JSON for. */
    BAD_RECORD,
    /** A float that is no whole number. */
    FLOAT,
    /** An integer outside 64 bits, signed. */
    BIG_INTEGER,
    /** A record, key, map or nesting over its limit, or more ops or output than one frame may give. */
    TOO_LARGE,
    /** A fault of the decoder's own: the rest of the frame is skipped, the log has the stack. */
    DECODER_FAULT,
    /** A frame whose {@code time} is no RFC 3339: counted, and sent all the same. */
    BAD_TIME,
    /** A seq that is not above the last one. */
    REPEAT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** The reason as a metric's label. */
    public String label() {
        return label;
    }
}
