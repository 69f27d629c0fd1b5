package dev.jetstream.decode;

import java.time.LocalDate;
import java.time.Month;
import java.time.Year;
import java.util.Arrays;

/** Reads the two forms of timestamp in frames: RFC 3339 and TIDs. */
final class Timestamps {
    /** What {@link #micros} returns for bytes that are not such a timestamp. */
    static final long INVALID = Long.MIN_VALUE;

    private static final int MIN_LENGTH = "2026-01-01T00:00:00Z".length();
    private static final int FRACTION_AT = "2026-01-01T00:00:00".length();
    private static final int ZONE_BYTES = "+00:00".length();

    private static final int TID_LENGTH = 13;
    private static final byte[] TID_DIGITS = new byte[128];

    static {
        Arrays.fill(TID_DIGITS, (byte) -1);
        String digits = "234567abcdefghijklmnopqrstuvwxyz";
        for (int i = 0; i < digits.length(); i++) {
            TID_DIGITS[digits.charAt(i)] = (byte) i;
        }
    }

    private Timestamps() {}

    /**
     * A TID (AT Protocol, "TID") as a number that orders as the text does: 53 bits of unix microseconds and 10 bits of a clock's
     * id; 0 for any other text.
     */
    static long tid(byte[] in, int at, int length) {
        if (length != TID_LENGTH) {
            return 0;
        }
        long number = 0;
        for (int i = at; i < at + TID_LENGTH; i++) {
            int digit = in[i] < 0 ? -1 : TID_DIGITS[in[i]];
            if (digit < 0 || i == at && digit > 7) {
                return 0;
            }
            number = number << 5 | digit;
        }
        return number;
    }

    /** Unix microseconds of an RFC 3339 timestamp with any number of fractional digits, truncated, or {@link #INVALID}. */
    static long micros(byte[] in, int at, int length) {
        if (length < MIN_LENGTH
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
                || day > 28 && day > Month.of(month).length(Year.isLeap(year))
                || hour > 23
                || minute > 59
                || second > 60) {
            return INVALID;
        }
        long days = LocalDate.of(year, month, day).toEpochDay();
        long seconds = (days * 24 + hour) * 3600 + minute * 60L + second;
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
}
