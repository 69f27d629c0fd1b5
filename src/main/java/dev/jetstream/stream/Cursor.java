package dev.jetstream.stream;

import java.math.BigInteger;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * The {@code cursor} of a query: unix microseconds. Ten digits are seconds and thirteen are milliseconds where that time is not in
 * the future: v2 hands out small numbers as cursors, and one of those is an old time, not a late one.
 */
final class Cursor {
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,1000}");
    private static final long TEN_DIGITS = 1_000_000_000L;
    private static final long THIRTEEN_DIGITS = 1_000_000_000_000L;

    private Cursor() {}

    /**
     * Reads a cursor.
     *
     * @param nowUs the clock, unix microseconds
     * @return unix microseconds; empty when the text is not a 64-bit integer
     */
    static OptionalLong microseconds(String text, long nowUs) {
        OptionalLong number = integer(text);
        if (number.isEmpty()) {
            return number;
        }
        long value = number.getAsLong();
        long micros = value;
        if (value >= TEN_DIGITS && value < 10 * TEN_DIGITS) {
            micros = value * 1_000_000;
        } else if (value >= THIRTEEN_DIGITS && value < 10 * THIRTEEN_DIGITS) {
            micros = value * 1_000;
        }
        return micros <= nowUs ? OptionalLong.of(micros) : number;
    }

    /** The cursor that follows the event with this id; empty when the text is not a 64-bit integer. */
    static OptionalLong after(String lastEventId) {
        OptionalLong id = integer(lastEventId);
        return id.isEmpty() || id.getAsLong() == Long.MAX_VALUE ? id : OptionalLong.of(id.getAsLong() + 1);
    }

    /** A 64-bit integer in decimal, signed or not, as Go's {@code strconv.ParseInt} reads it; empty for any other text. */
    static OptionalLong integer(String text) {
        if (!INTEGER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        BigInteger number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }
}
