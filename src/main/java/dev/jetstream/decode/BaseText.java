package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.BIG_INT;
import static dev.jetstream.decode.Bytes.BIG_LONG;
import static dev.jetstream.decode.Bytes.LITTLE_LONG;

/** Writes bytes as text: base32 for CIDs, base64 without padding for byte strings, base58 for CIDs of version 0. */
final class BaseText {
    private static final byte[] BASE32 = Bytes.ascii("abcdefghijklmnopqrstuvwxyz234567");
    private static final byte[] BASE64 =
            Bytes.ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE58 = Bytes.ascii("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
    /** Two characters for each ten bits, the first one in the low byte. */
    private static final short[] BASE32_PAIRS = pairs(BASE32);
    /** Two characters for each twelve bits. */
    private static final short[] BASE64_PAIRS = pairs(BASE64);

    private static final int V0_DIGITS = 46;
    /** Big-endian groups of four bytes, the first one of two. */
    private static final int V0_LIMBS = 9;

    private static final int FIVE_DIGITS = 58 * 58 * 58 * 58 * 58;

    private BaseText() {}

    private static short[] pairs(byte[] alphabet) {
        short[] pairs = new short[alphabet.length * alphabet.length];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) (alphabet[i / alphabet.length] | alphabet[i % alphabet.length] << 8);
        }
        return pairs;
    }

    /** Writes a CID as its canonical text: base32 with its {@code b}, or base58 when it is of version 0. */
    static void cid(JsonOut out, byte[] in, int at, int length) {
        if (Cid.isV0(in, at, length)) {
            base58(out, in, at);
            return;
        }
        out.put('b');
        base32(out, in, at, length);
    }

    static void base32(JsonOut out, byte[] in, int from, int length) {
        out.ensure((int) Math.min(JsonOut.MAX_BYTES, (length + 4L) / 5 * 8));
        int at = from;
        int end = from + length;
        int o = out.at;
        byte[] to = out.bytes;
        for (; end - at >= 5 && in.length - at >= Long.BYTES; at += 5, o += 8) {
            long bits = (long) BIG_LONG.get(in, at);
            LITTLE_LONG.set(
                    to,
                    o,
                    (BASE32_PAIRS[(int) (bits >>> 54)] & 0xFFFFL)
                            | (BASE32_PAIRS[(int) (bits >>> 44) & 0x3FF] & 0xFFFFL) << 16
                            | (BASE32_PAIRS[(int) (bits >>> 34) & 0x3FF] & 0xFFFFL) << 32
                            | (long) BASE32_PAIRS[(int) (bits >>> 24) & 0x3FF] << 48);
        }
        out.at = bitByBit(to, o, in, at, end, BASE32, 5);
    }

    static void base64(JsonOut out, byte[] in, int from, int length) {
        out.ensure((int) Math.min(JsonOut.MAX_BYTES, (length + 2L) / 3 * 4));
        int at = from;
        int end = from + length;
        int o = out.at;
        byte[] to = out.bytes;
        for (; end - at >= 3; at += 3) {
            int bits = (in[at] & 0xFF) << 16 | (in[at + 1] & 0xFF) << 8 | in[at + 2] & 0xFF;
            int first = BASE64_PAIRS[bits >>> 12];
            int second = BASE64_PAIRS[bits & 0xFFF];
            to[o++] = (byte) first;
            to[o++] = (byte) (first >> 8);
            to[o++] = (byte) second;
            to[o++] = (byte) (second >> 8);
        }
        out.at = bitByBit(to, o, in, at, end, BASE64, 6);
    }

    private static int bitByBit(byte[] to, int o, byte[] in, int from, int end, byte[] alphabet, int width) {
        int bits = 0;
        int held = 0;
        int mask = (1 << width) - 1;
        for (int at = from; at < end; at++) {
            bits = (bits << 8 | in[at] & 0xFF) & 0xFFFF;
            for (held += 8; held >= width; ) {
                held -= width;
                to[o++] = alphabet[bits >> held & mask];
            }
        }
        if (held > 0) {
            to[o++] = alphabet[bits << width - held & mask];
        }
        return o;
    }

    /** Writes a CID of version 0: its 34 bytes, whose first two are fixed, always have 46 digits. */
    private static void base58(JsonOut out, byte[] in, int at) {
        int[] limbs = new int[V0_LIMBS];
        limbs[0] = (in[at] & 0xFF) << 8 | in[at + 1] & 0xFF;
        for (int i = 1; i < V0_LIMBS; i++) {
            limbs[i] = (int) BIG_INT.get(in, at + 4 * i - 2);
        }
        out.ensure(V0_DIGITS);
        byte[] to = out.bytes;
        int first = out.at;
        int o = first + V0_DIGITS;
        int start = 0;
        while (o > first) {
            long rest = 0;
            for (int i = start; i < V0_LIMBS; i++) {
                long value = rest << 32 | limbs[i] & 0xFFFF_FFFFL;
                limbs[i] = (int) (value / FIVE_DIGITS);
                rest = value % FIVE_DIGITS;
            }
            if (limbs[start] == 0) {
                start++;
            }
            int digits = (int) rest;
            for (int end = Math.max(first, o - 5); o > end; digits /= 58) {
                to[--o] = BASE58[digits % 58];
            }
        }
        out.at = first + V0_DIGITS;
    }
}
