package dev.jetstream.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigInteger;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Reads the texts of CIDs and of bytes that a record spells out, as the maps of {@code $link} and {@code $bytes} and legacy blobs
 * do. They are rare. A bad text is rejected as {@link DropReason#BAD_RECORD}.
 */
final class TextToBytes {
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final String BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String PATH = "/ipfs/";
    private static final int V0_LENGTH = 46;
    /** Longer texts are refused before they are read: base58 costs the square of the length. */
    private static final int MAX_CID_LENGTH = 512;

    private TextToBytes() {}

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
            return ofBase(text, BASE58);
        }
        String digits = text.substring(1);
        return switch (text.charAt(0)) {
            case 'b', 'B' -> base32(digits.toLowerCase(Locale.ROOT));
            case 'z' -> ofBase(digits, BASE58);
            case 'k', 'K' -> ofBase(digits.toLowerCase(Locale.ROOT), BASE36);
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

    private static byte[] ofBase(String digits, String alphabet) {
        BigInteger base = BigInteger.valueOf(alphabet.length());
        BigInteger number = BigInteger.ZERO;
        int zeros = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digit(digits.charAt(i), alphabet);
            if (digit == 0 && i == zeros) {
                zeros++;
            }
            number = number.multiply(base).add(BigInteger.valueOf(digit));
        }
        byte[] signed = number.toByteArray();
        int sign = signed[0] == 0 ? 1 : 0;
        byte[] bytes = new byte[zeros + signed.length - sign];
        System.arraycopy(signed, sign, bytes, zeros, signed.length - sign);
        return bytes;
    }

    private static int digit(char character, String alphabet) {
        int digit = alphabet.indexOf(character);
        if (digit < 0) {
            throw bad();
        }
        return digit;
    }

    private static Rejection bad() {
        return Rejection.of(DropReason.BAD_RECORD);
    }
}
