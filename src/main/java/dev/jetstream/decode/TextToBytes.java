package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Reads the texts of CIDs and of bytes that a record spells out, as the maps of {@code $link} and {@code $bytes} and legacy blobs
 * do. They are rare. A bad text is rejected as {@link DropReason#BAD_RECORD}.
 */
final class TextToBytes {
    private static final byte[] BASE32 = values("abcdefghijklmnopqrstuvwxyz234567", true);
    private static final byte[] BASE36 = values("0123456789abcdefghijklmnopqrstuvwxyz", true);
    private static final byte[] BASE58 = values("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", false);
    /** So many digits of either base fit an int. */
    private static final int DIGITS_AT_ONCE = 5;

    private static final String PATH = "/ipfs/";
    private static final int V0_LENGTH = 46;
    /** Longer texts are refused before they are read: the cost of base58 grows with the square of the length. */
    private static final int MAX_CID_LENGTH = 512;

    private TextToBytes() {}

    /** The value of each character, -1 for those that are no digits. */
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

    /** The bytes of a CID's text, in any of the bases that occur (multibase); an IPFS path before it is ignored. */
    static byte[] cid(byte[] in, int at, int length) {
        if (length > MAX_CID_LENGTH) {
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
        if (text.length() == V0_LENGTH && text.startsWith("Qm")) {
            return ofBase(text, BASE58, 58);
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b', 'B' -> base32(digits);
            case 'z' -> ofBase(digits, BASE58, 58);
            case 'k', 'K' -> ofBase(digits, BASE36, 36);
            case 'f', 'F' -> hex(digits);
            case 'm' -> base64(digits, Base64.getDecoder());
            case 'u' -> base64(digits, Base64.getUrlDecoder());
            default -> throw bad();
        };
    }

    /** The bytes of base64 without padding; line breaks are ignored, and so are bits left over. */
    static byte[] base64(byte[] in, int at, int length) {
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
            bits = bits << 5 | digit(digits.charAt(i), BASE32);
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

    /** Several digits at a time are added to a number in little-endian groups of 32 bits. */
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

    private static Rejection bad() {
        return Rejection.of(DropReason.BAD_RECORD);
    }
}
