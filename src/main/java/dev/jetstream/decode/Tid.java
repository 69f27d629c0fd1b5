package dev.jetstream.decode;

/** Timestamp identifiers as numbers (AT Protocol, "TID"): 53 bits of unix microseconds and 10 bits of a clock's id. */
final class Tid {
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

    /** The number, which orders as the text does; 0 for any other text. */
    static long number(byte[] in, int at, int length) {
        if (length != LENGTH) {
            return 0;
        }
        long number = 0;
        for (int i = at; i < at + LENGTH; i++) {
            int digit = in[i] < 0 ? -1 : DIGITS[in[i]];
            if (digit < 0 || i == at && digit > 7) {
                return 0;
            }
            number = number << 5 | digit;
        }
        return number;
    }
}
