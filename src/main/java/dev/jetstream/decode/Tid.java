package dev.jetstream.decode;

/** Timestamp identifiers as numbers (AT Protocol, "TID"): 53 bits of unix microseconds and 10 bits of a clock's id. */
final class Tid {
    /** What {@link #number} returns for text that is not a TID. */
    static final long INVALID = -1;

    /** Bits below the microseconds. */
    static final int CLOCK_BITS = 10;

    private static final int LENGTH = 13;
    private static final byte[] DIGITS = new byte[128];

    static {
        java.util.Arrays.fill(DIGITS, (byte) -1);
        String digits = "234567abcdefghijklmnopqrstuvwxyz";
        for (int i = 0; i < digits.length(); i++) {
            DIGITS[digits.charAt(i)] = (byte) i;
        }
    }

    private Tid() {}

    /** The number, which orders as the text does; {@link #INVALID} for any other text. */
    static long number(byte[] in, int at, int length) {
        if (length != LENGTH) {
            return INVALID;
        }
        long number = 0;
        for (int i = at; i < at + LENGTH; i++) {
            int digit = in[i] < 0 ? -1 : DIGITS[in[i]];
            if (digit < 0 || i == at && digit > 7) {
                return INVALID;
            }
            number = number << 5 | digit;
        }
        return number;
    }
}
