package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.LITTLE_INT;

/** Content identifiers in their binary form (multiformats' CID specification, versions 0 and 1). */
final class Cid {
    /** Bytes of the form that nearly all have: version 1, one byte of codec, SHA-256. */
    static final int USUAL_BYTES = 36;

    private static final int USUAL_START = 0x2012_7101;
    private static final int SHA256 = 0x12;
    private static final int SHA256_BYTES = 32;
    private static final int V0_BYTES = 2 + SHA256_BYTES;

    private Cid() {}

    /**
     * Bytes of the CID that starts at {@code at}.
     *
     * @return -1 when there is none before {@code end}
     */
    static int length(byte[] in, int at, int end) {
        if (end - at >= USUAL_BYTES && (int) LITTLE_INT.get(in, at) == USUAL_START) {
            return USUAL_BYTES;
        }
        return otherLength(in, at, end);
    }

    private static int otherLength(byte[] in, int at, int end) {
        if (isV0(in, at, Math.min(end - at, V0_BYTES))) {
            return V0_BYTES;
        }
        long version = varint(in, at, end);
        if (version != 1) {
            return -1;
        }
        int codecAt = at + 1;
        int hashAt = afterVarint(in, codecAt, end);
        int lengthAt = hashAt < 0 ? -1 : afterVarint(in, hashAt, end);
        int digestAt = lengthAt < 0 ? -1 : afterVarint(in, lengthAt, end);
        if (digestAt < 0) {
            return -1;
        }
        long digest = varint(in, lengthAt, end);
        return digest > end - digestAt ? -1 : digestAt - at + (int) digest;
    }

    /** Whether these bytes are exactly one CID. */
    static boolean isWhole(byte[] in, int at, int length) {
        return length > 0 && length(in, at, at + length) == length;
    }

    /** Whether a CID of this many bytes is of version 0, whose text is base58. */
    static boolean isV0(byte[] in, int at, int length) {
        return length == V0_BYTES && in[at] == SHA256 && in[at + 1] == SHA256_BYTES;
    }

    /** Offset of the SHA-256 that a whole CID ends with; -1 when its hash is another one. */
    static int sha256At(byte[] in, int at, int length) {
        if (length < V0_BYTES) {
            return -1;
        }
        int digestAt = at + length - SHA256_BYTES;
        return in[digestAt - 2] == SHA256 && in[digestAt - 1] == SHA256_BYTES && isShaHeader(in, at, digestAt - 2)
                ? digestAt
                : -1;
    }

    /** Whether the multihash starts at {@code hashAt}: nothing before it in version 0, version and codec in version 1. */
    private static boolean isShaHeader(byte[] in, int at, int hashAt) {
        return hashAt == at || in[at] == 1 && afterVarint(in, at + 1, hashAt) == hashAt;
    }

    /** An unsigned varint of at most 63 bits in its shortest form; -1 when there is none before {@code end}. */
    static long varint(byte[] in, int at, int end) {
        long value = 0;
        for (int i = at, shift = 0; i < end && shift < 63; i++, shift += 7) {
            byte b = in[i];
            value |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return b == 0 && i > at ? -1 : value;
            }
        }
        return -1;
    }

    /** Offset after the varint at {@code at}; -1 when there is none. */
    static int afterVarint(byte[] in, int at, int end) {
        if (varint(in, at, end) < 0) {
            return -1;
        }
        int i = at;
        while (in[i] < 0) {
            i++;
        }
        return i + 1;
    }
}
