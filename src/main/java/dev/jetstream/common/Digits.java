package dev.jetstream.common;

/** Decimal digits in ASCII. */
public final class Digits {
    private static final byte[] PAIRS = new byte[200];

    static {
        for (int i = 0; i < 100; i++) {
            PAIRS[2 * i] = (byte) ('0' + i / 10);
            PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
        }
    }

    private Digits() {}

    /** Number of digits of {@code value}, which is 0 or more: 1 to 19. */
    public static int count(long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }

    /** Writes the last {@code to - from} digits of {@code value}, which is 0 or more, with leading zeros. */
    public static void write(byte[] bytes, int from, int to, long value) {
        long rest = value;
        int at = to;
        while (at - from >= 2) {
            long next = rest / 100;
            int pair = 2 * (int) (rest - 100 * next);
            at -= 2;
            bytes[at] = PAIRS[pair];
            bytes[at + 1] = PAIRS[pair + 1];
            rest = next;
        }
        if (at > from) {
            bytes[from] = (byte) ('0' + rest % 10);
        }
    }
}
