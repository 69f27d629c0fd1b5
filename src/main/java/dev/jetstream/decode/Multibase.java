package dev.jetstream.decode;

import static dev.jetstream.decode.Bytes.BIG_INT;
import static dev.jetstream.decode.Bytes.BIG_LONG;
import static dev.jetstream.decode.Bytes.LITTLE_LONG;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * CIDs and byte strings as text, in both directions. Records spell out few of them; those, in the maps of {@code $link} and
 * {@code $bytes} and in legacy blobs, are parsed and rejected as {@link DropReason#BAD_RECORD} if malformed.
 */
final class Multibase {
    private static final String BASE32_DIGITS = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String BASE36_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String BASE58_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final byte[] BASE32 = Bytes.ascii(BASE32_DIGITS);
    private static final byte[] BASE64 =
            Bytes.ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final byte[] BASE58 = Bytes.ascii(BASE58_DIGITS);
    private static final byte[] VALUES_32 = values(BASE32_DIGITS, true);
    private static final byte[] VALUES_36 = values(BASE36_DIGITS, true);
    private static final byte[] VALUES_58 = values(BASE58_DIGITS, false);
    /** Two characters for each ten bits, the first one in the low byte. */
    private static final short[] BASE32_PAIRS = pairs(BASE32);
    /** Two characters for each twelve bits. */
    private static final short[] BASE64_PAIRS = pairs(BASE64);

    private static final int V0_DIGITS = 46;
    /** Big-endian groups of four bytes, the first one of two. */
    private static final int V0_LIMBS = 9;

    /** This many digits of base 36 or 58 fit an int. */
    private static final int DIGITS_AT_ONCE = 5;

    private static final int FIVE_DIGITS = 58 * 58 * 58 * 58 * 58;

    private static final String PATH = "/ipfs/";
    /** Longer texts are rejected unread: the cost of base58 grows with the square of the length. */
    private static final int MAX_CID_CHARS = 512;

    private Multibase() {}

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

    /** The value of each character; -1: not a digit. */
    private static byte[] values(String alphabet, boolean ignoresCase) {
        byte[] values = new byte[256];
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
            if (ignoresCase) {
                values[Character.toUpperCase(alphabet.charAt(i))] = (byte) i;
            }
        }
        return values;
    }

    /** Parses a CID in any base that occurs (multibase); an IPFS path before it is ignored. */
    static byte[] parseCid(byte[] in, int at, int length) {
        if (length > MAX_CID_CHARS) {
            throw bad();
        }
        String text = new String(in, at, length, ISO_8859_1);
        int path = text.indexOf(PATH);
        byte[] cid = cidBytes(path < 0 ? text : text.substring(path + PATH.length()));
        if (!Cid.isWhole(cid, 0, cid.length)) {
            throw bad();
        }
        return cid;
    }

    private static byte[] cidBytes(String text) {
        if (text.length() < 2) {
            throw bad();
        }
        if (text.length() == V0_DIGITS && text.startsWith("Qm")) {
            return ofBase(text, VALUES_58, 58);
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b', 'B' -> base32(digits);
            case 'z' -> ofBase(digits, VALUES_58, 58);
            case 'k', 'K' -> ofBase(digits, VALUES_36, 36);
            case 'f', 'F' -> hex(digits);
            case 'm' -> base64(digits, Base64.getDecoder());
            case 'u' -> base64(digits, Base64.getUrlDecoder());
            default -> throw bad();
        };
    }

    /** Parses base64 without padding; ignores line breaks and left-over bits. */
    static byte[] parseBase64(byte[] in, int at, int length) {
        byte[] digits = new byte[length];
        int count = 0;
        for (int i = at; i < at + length; i++) {
            if (in[i] != '\r' && in[i] != '\n') {
                digits[count++] = in[i];
            }
        }
        return base64(new String(digits, 0, count, ISO_8859_1), Base64.getDecoder());
    }

    private static byte[] base64(String digits, Base64.Decoder decoder) {
        if (digits.indexOf('=') >= 0) {
            throw bad();
        }
        try {
            return decoder.decode(digits);
        } catch (IllegalArgumentException e) {
            throw bad();
        }
    }

    private static byte[] hex(String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw bad();
        }
    }

    private static byte[] base32(String digits) {
        byte[] bytes = new byte[digits.length() * 5 / 8];
        int bits = 0;
        int held = 0;
        int count = 0;
        for (int i = 0; i < digits.length(); i++) {
            bits = bits << 5 | digit(digits.charAt(i), VALUES_32);
            held += 5;
            if (held >= 8) {
                held -= 8;
                bytes[count++] = (byte) (bits >> held);
                bits &= 0xFF;
            }
        }
        if (held >= 5) {
            throw bad();
        }
        return bytes;
    }

    /** Adds several digits at a time to a number in little-endian groups of 32 bits. */
    private static byte[] ofBase(String digits, byte[] values, int base) {
        int[] number = new int[(digits.length() * 6 + 31) / 32];
        int used = 0;
        int zeros = 0;
        for (int i = 0; i < digits.length(); ) {
            int scale = 1;
            long carry = 0;
            for (int end = Math.min(digits.length(), i + DIGITS_AT_ONCE); i < end; i++) {
                int digit = digit(digits.charAt(i), values);
                if (digit == 0 && i == zeros) {
                    zeros++;
                }
                carry = carry * base + digit;
                scale *= base;
            }
            for (int k = 0; k < used; k++) {
                carry += (number[k] & 0xFFFF_FFFFL) * scale;
                number[k] = (int) carry;
                carry >>>= 32;
            }
            if (carry != 0) {
                number[used++] = (int) carry;
            }
        }
        int length = used == 0 ? 0 : 4 * used - Integer.numberOfLeadingZeros(number[used - 1]) / 8;
        byte[] bytes = new byte[zeros + length];
        for (int i = 0; i < length; i++) {
            bytes[bytes.length - 1 - i] = (byte) (number[i / 4] >>> 8 * (i % 4));
        }
        return bytes;
    }

    private static int digit(char character, byte[] values) {
        int digit = values[character];
        if (digit < 0) {
            throw bad();
        }
        return digit;
    }

    private static DropReason.Rejection bad() {
        return DropReason.BAD_RECORD.rejection();
    }
}
