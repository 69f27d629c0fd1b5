package dev.jetstream.relay;

/** RFC 4648 base32, lower case, without padding: CIDs and {@code did:plc} identifiers. */
final class Base32 {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder out = new StringBuilder((bytes.length * 8 + 4) / 5);
        int held = 0;
        int bits = 0;
        for (byte b : bytes) {
            held = held << 8 | b & 0xFF;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(ALPHABET.charAt(held >> bits & 31));
            }
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt(held << 5 - bits & 31));
        }
        return out.toString();
    }
}
