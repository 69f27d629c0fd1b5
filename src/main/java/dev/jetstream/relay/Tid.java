package dev.jetstream.relay;

/** A timestamp identifier (atproto, "Record Keys"): 53 bits of microseconds, 10 of a clock's id, sortable as text. */
final class Tid {
    private static final String ALPHABET = "234567abcdefghijklmnopqrstuvwxyz";
    private static final int LENGTH = 13;

    private Tid() {}

    /** @param clockId 0 to 1023 */
    static String of(long unixMicros, int clockId) {
        long value = unixMicros << 10 | clockId;
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = ALPHABET.charAt((int) (value & 31));
            value >>>= 5;
        }
        return new String(text);
    }
}
