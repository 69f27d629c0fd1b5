package dev.jetstream.relay;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A content identifier of atproto: version 1, DAG-CBOR or raw, SHA-256. Immutable. */
public final class Cid {
    /** Bytes of the binary form. */
    static final int BYTES = 36;

    private static final int DAG_CBOR = 0x71;
    private static final int RAW = 0x55;
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

    private final byte[] bytes;

    private Cid(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The CID of a DAG-CBOR block; {@code sha256} is used and reset. */
    static Cid ofBlock(byte[] block, MessageDigest sha256) {
        return ofDigest(sha256.digest(block));
    }

    /** The CID of the DAG-CBOR block with this SHA-256. */
    static Cid ofDigest(byte[] digest) {
        return of(DAG_CBOR, digest);
    }

    /** The CID of a blob with this SHA-256. */
    static Cid ofBlob(byte[] digest) {
        return of(RAW, digest);
    }

    private static Cid of(int codec, byte[] digest) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = 1;
        bytes[1] = (byte) codec;
        bytes[2] = 0x12;
        bytes[3] = 32;
        System.arraycopy(digest, 0, bytes, 4, 32);
        return new Cid(bytes);
    }

    /** The binary form: version, codec, hash, length of the digest, digest. A copy. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The binary form itself, which callers must not change. */
    byte[] shared() {
        return bytes;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cid cid && Arrays.equals(bytes, cid.bytes);
    }

    @Override
    public int hashCode() {
        return (bytes[4] & 0xFF) << 24 | (bytes[5] & 0xFF) << 16 | (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF;
    }

    /** The text form: multibase base32, {@code bafy…} for DAG-CBOR and {@code bafk…} for blobs. */
    @Override
    public String toString() {
        return "b" + base32(bytes);
    }

    /** RFC 4648 base32, lower case, without padding. */
    static String base32(byte[] bytes) {
        StringBuilder out = new StringBuilder((bytes.length * 8 + 4) / 5);
        int held = 0;
        int bits = 0;
        for (byte b : bytes) {
            held = held << 8 | b & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(BASE32.charAt(held >> bits & 31));
            }
        }
        if (bits > 0) {
            out.append(BASE32.charAt(held << 5 - bits & 31));
        }
        return out.toString();
    }
}
