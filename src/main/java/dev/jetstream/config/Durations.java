package dev.jetstream.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lengths of time as operators write them: Go's way ({@code 1h30m}, {@code 1.5s}, {@code 500ms}) and HOCON's way
 * ({@code 24 hours}, {@code 15 s}). A number without a unit is refused, except 0: Go means nanoseconds by it, HOCON
 * milliseconds, and an operator mostly seconds.
 */
final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d*)?|\\.\\d+)\\s*([a-zA-Z\u00b5\u03bc]+)\\s*");

    private static final Map<String, Long> NANOS = Map.ofEntries(
            Map.entry("ns", 1L),
            Map.entry("us", 1_000L),
            Map.entry("\u00b5s", 1_000L),
            Map.entry("\u03bcs", 1_000L),
            Map.entry("ms", 1_000_000L),
            Map.entry("s", 1_000_000_000L),
            Map.entry("m", 60_000_000_000L),
            Map.entry("h", 3_600_000_000_000L),
            Map.entry("d", 86_400_000_000_000L));

    private static final Map<String, String> WORDS = Map.of(
            "nanosecond", "ns",
            "microsecond", "us",
            "millisecond", "ms",
            "millis", "ms",
            "second", "s",
            "minute", "m",
            "hour", "h",
            "day", "d");

    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    /**
     * A length of time, also a negative one; one above 292 years becomes 292 years. The caller checks the range.
     *
     * @throws IllegalArgumentException saying what is allowed, if the text is not a length of time
     */
    static Duration parse(String text) {
        String rest = text.strip();
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.startsWith("-") && rest.length() > 1 && rest.charAt(1) != '-') {
            return parse(rest.substring(1)).negated();
        }
        Matcher part = PART.matcher(rest);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < rest.length() && part.find(at) && part.start() == at) {
            Long unit = NANOS.get(unit(part.group(2)));
            if (unit == null) {
                throw refused();
            }
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
            at = part.end();
        }
        if (at == 0 || at < rest.length()) {
            throw refused();
        }
        return Duration.ofNanos(
                nanos.setScale(0, RoundingMode.DOWN).min(LONGEST).longValueExact());
    }

    private static String unit(String written) {
        if (NANOS.containsKey(written)) {
            return written;
        }
        String word = written.toLowerCase(Locale.ROOT);
        String singular = word.endsWith("s") && !word.equals("millis") ? word.substring(0, word.length() - 1) : word;
        return WORDS.getOrDefault(singular, "?");
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("must be a length of time with a unit, such as 500ms, 15s or 1h30m");
    }

    /** The shortest exact form that {@link #parse} takes. */
    static String format(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        long nanos = duration.toNanos();
        String sign = nanos < 0 ? "-" : "";
        nanos = Math.abs(nanos);
        StringBuilder text = new StringBuilder(sign);
        for (String unit : new String[] {"h", "m", "s", "ms", "us", "ns"}) {
            long size = NANOS.get(unit);
            if (nanos >= size) {
                text.append(nanos / size).append(unit);
                nanos %= size;
            }
        }
        return text.toString();
    }
}
