package dev.jetstream.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parsers of durations, sizes and addresses. Each throws an {@link IllegalArgumentException} that says what is allowed, as the
 * end of a sentence.
 */
final class Values {
    private static final Pattern DURATION_PART =
            Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)\\s*[a-zA-Z\u00b5\u03bc]+\\s*");
    private static final Map<String, Long> NANOS = Map.of(
            "h",
            3_600_000_000_000L,
            "m",
            60_000_000_000L,
            "s",
            1_000_000_000L,
            "ms",
            1_000_000L,
            "us",
            1_000L,
            "ns",
            1L);
    private static final String[] DURATION_UNITS = {"h", "m", "s", "ms", "us", "ns"};
    private static final String[] SIZE_UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    private static final Pattern ADDRESS = Pattern.compile("(?:\\[([^\\]]+)\\]|([^\\[\\]:]*)):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    private Values() {}

    /**
     * A duration in Go's form ({@code 1h30m}, {@code 1.5s}, {@code 500ms}) or HOCON's ({@code 24 hours}), also a negative one;
     * one above 292 years becomes 292 years. A number without a unit is refused, except 0: Go means nanoseconds by it, HOCON
     * milliseconds, and an operator mostly seconds.
     */
    static Duration duration(String text) {
        String rest = text.strip();
        if (rest.equals("0")) {
            return Duration.ZERO;
        }
        if (rest.startsWith("-") && !rest.startsWith("--")) {
            return duration(rest.substring(1)).negated();
        }
        Matcher part = DURATION_PART.matcher(rest);
        long nanos = 0;
        int at = 0;
        while (part.find(at) && part.start() == at) {
            long sum = nanos + nanos(part.group());
            nanos = sum < 0 ? Long.MAX_VALUE : sum;
            at = part.end();
            if (at == rest.length()) {
                return Duration.ofNanos(nanos);
            }
        }
        throw new IllegalArgumentException("must be a length of time with a unit, such as 500ms, 15s or 1h30m");
    }

    private static long nanos(String part) {
        try {
            String hocon = part.replaceAll("[\u00b5\u03bc]", "u");
            return hocon("value", hocon).getDuration("value").toNanos();
        } catch (ConfigException e) {
            // An unknown unit: the caller refuses it.
            throw new IllegalArgumentException("must be a length of time with a unit, such as 500ms, 15s or 1h30m", e);
        }
    }

    private static Config hocon(String key, String value) {
        return ConfigFactory.parseMap(Map.of(key, value));
    }

    /** The shortest exact form that {@link #duration} parses. The duration is not negative. */
    static String format(Duration duration) {
        long nanos = duration.toNanos();
        StringBuilder text = new StringBuilder();
        for (String unit : DURATION_UNITS) {
            long size = NANOS.get(unit);
            if (nanos >= size) {
                text.append(nanos / size).append(unit);
                nanos %= size;
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /** A number of bytes: {@code 512 KiB}, {@code 8MiB}, {@code 10000000}. */
    static long size(String text) {
        try {
            return hocon("value", text).getBytes("value");
        } catch (ConfigException e) {
            throw new IllegalArgumentException("must be a number of bytes, such as 65536, 512KiB or 8MiB", e);
        }
    }

    /** A number of bytes in the largest unit that leaves a whole number. */
    static String formatSize(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < SIZE_UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + " " + SIZE_UNITS[unit];
    }

    /** An address to listen on: {@code HOST:PORT}, {@code [IPV6]:PORT}, or {@code :PORT} for all interfaces. */
    static InetSocketAddress address(String text) {
        Matcher form = ADDRESS.matcher(text.strip());
        if (!form.matches() || Integer.parseInt(form.group(3)) > MAX_PORT) {
            throw new IllegalArgumentException(
                    "must be HOST:PORT, [IPV6]:PORT, or :PORT for all interfaces, with a port from 0 (any free one) to "
                            + MAX_PORT);
        }
        int port = Integer.parseInt(form.group(3));
        String host = form.group(1) != null ? "[" + form.group(1) + "]" : form.group(2);
        if (host.isEmpty() || host.equals("*")) {
            return new InetSocketAddress(port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "must name a host that this machine can resolve, or none: \":" + port
                            + "\" listens on all interfaces",
                    e);
        }
    }
}
