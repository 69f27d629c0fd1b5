package dev.jetstream.http;

import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** The {@code cursor} of a query: unix microseconds; ten digits are seconds, thirteen milliseconds. */
final class Cursor {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,1000}");
    private static final long TEN_DIGITS = 1_000_000_000L;
    private static final long THIRTEEN_DIGITS = 1_000_000_000_000L;

    private Cursor() {}

    /**
     * Reads a cursor.
     *
     * @return unix microseconds; empty when the text is no 64-bit integer
     */
    static OptionalLong microseconds(String text) {
        OptionalLong number = integer(text);
        if (number.isEmpty()) {
            return number;
        }
        long value = number.getAsLong();
        if (value >= TEN_DIGITS && value < 10 * TEN_DIGITS) {
            return OptionalLong.of(value * 1_000_000);
        }
        if (value >= THIRTEEN_DIGITS && value < 10 * THIRTEEN_DIGITS) {
            return OptionalLong.of(value * 1_000);
        }
        return number;
    }

    /** A 64-bit integer in decimal, signed or not, as Go's {@code strconv.ParseInt} takes it; empty when the text is none. */
    static OptionalLong integer(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }
}
