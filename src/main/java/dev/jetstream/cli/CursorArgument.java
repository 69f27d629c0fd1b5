package dev.jetstream.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code --cursor} of {@code tail}: unix microseconds, a time ago such as {@code -10m}, or an RFC 3339 time. */
final class CursorArgument {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,19}");
    private static final Pattern AGO = Pattern.compile("-((?:\\d{1,9}[dhms])+)");
    private static final Pattern STEP = Pattern.compile("(\\d{1,9})([dhms])");
    private static final Map<String, ChronoUnit> UNITS =
            Map.of("d", ChronoUnit.DAYS, "h", ChronoUnit.HOURS, "m", ChronoUnit.MINUTES, "s", ChronoUnit.SECONDS);

    private CursorArgument() {}

    /**
     * The cursor in unix microseconds.
     *
     * @throws IllegalArgumentException with the text and the accepted forms
     */
    static long parse(String text, Instant now) {
        try {
            if (WHOLE_NUMBER.matcher(text).matches()) {
                return Long.parseLong(text);
            }
            Matcher ago = AGO.matcher(text);
            Instant at = ago.matches()
                    ? now.minus(duration(ago.group(1)))
                    : OffsetDateTime.parse(text).toInstant();
            return ChronoUnit.MICROS.between(Instant.EPOCH, at);
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "not a cursor: " + text
                            + ": use unix microseconds, a time ago such as -10m or -1h30m (units d, h, m, s), or a time such"
                            + " as 2026-01-31T12:00:00Z",
                    e);
        }
    }

    private static Duration duration(String steps) {
        Duration sum = Duration.ZERO;
        for (Matcher step = STEP.matcher(steps); step.find(); ) {
            sum = sum.plus(Duration.of(1, UNITS.get(step.group(2))).multipliedBy(Long.parseLong(step.group(1))));
        }
        return sum;
    }
}
