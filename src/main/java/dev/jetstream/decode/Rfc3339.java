package dev.jetstream.decode;

/** Reads timestamps as RFC 3339 writes them, with any number of fractional digits. */
final class Rfc3339 {
    /** What {@link #micros} says of bytes that are no such timestamp. */
    static final long INVALID = Long.MIN_VALUE;

    private static final int SHORTEST = "2026-01-01T00:00:00Z".length();
    private static final int FRACTION_AT = "2026-01-01T00:00:00".length();
    private static final int ZONE_BYTES = "+00:00".length();

    private Rfc3339() {}

    /** Unix microseconds, cut off, or {@link #INVALID}. */
    static long micros(byte[] in, int at, int length) {
        if (length < SHORTEST
                || in[at + 4] != '-'
                || in[at + 7] != '-'
                || (in[at + 10] | 0x20) != 't'
                || in[at + 13] != ':'
                || in[at + 16] != ':') {
            return INVALID;
        }
        int year = number(in, at, 4);
        int month = number(in, at + 5, 2);
        int day = number(in, at + 8, 2);
        int hour = number(in, at + 11, 2);
        int minute = number(in, at + 14, 2);
        int second = number(in, at + 17, 2);
        if ((year | month | day | hour | minute | second) < 0
                || month < 1
                || month > 12
                || day < 1
                || day > daysOf(year, month)
                || hour > 23
                || minute > 59
                || second > 60) {
            return INVALID;
        }
        long seconds = (daysFrom1970(year, month, day) * 24 + hour) * 3600 + minute * 60L + second;
        return withFraction(seconds, in, at + FRACTION_AT, at + length);
    }

    private static long withFraction(long seconds, byte[] in, int from, int end) {
        int i = from;
        long micros = 0;
        if (in[i] == '.') {
            int digits = 0;
            for (i++; i < end && in[i] >= '0' && in[i] <= '9'; i++, digits++) {
                if (digits < 6) {
                    micros = micros * 10 + in[i] - '0';
                }
            }
            if (digits == 0) {
                return INVALID;
            }
            for (; digits < 6; digits++) {
                micros *= 10;
            }
        }
        if (end - i == 1 && (in[i] | 0x20) == 'z') {
            return seconds * 1_000_000 + micros;
        }
        if (end - i != ZONE_BYTES || in[i] != '+' && in[i] != '-' || in[i + 3] != ':') {
            return INVALID;
        }
        int hours = number(in, i + 1, 2);
        int minutes = number(in, i + 4, 2);
        if ((hours | minutes) < 0 || hours > 23 || minutes > 59) {
            return INVALID;
        }
        int offset = (hours * 60 + minutes) * 60;
        return (seconds - (in[i] == '+' ? offset : -offset)) * 1_000_000 + micros;
    }

    private static int number(byte[] in, int at, int digits) {
        int number = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = in[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static int daysOf(int year, int month) {
        return switch (month) {
            case 2 -> year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    private static long daysFrom1970(int year, int month, int day) {
        // Years that begin in March, in eras of 400 years.
        int shifted = month > 2 ? year : year - 1;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }
}
