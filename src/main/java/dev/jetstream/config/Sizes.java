package dev.jetstream.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.Map;

/** Numbers of bytes as HOCON writes them: {@code 512 KiB}, {@code 8MiB}, {@code 10000000}. */
final class Sizes {
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

    private Sizes() {}

    /** @throws IllegalArgumentException saying what is allowed, if the text is no number of bytes */
    static long parse(String text) {
        try {
            return ConfigFactory.parseMap(Map.of("size", text)).getBytes("size");
        } catch (ConfigException e) {
            throw new IllegalArgumentException("must be a number of bytes, such as 65536, 512KiB or 8MiB");
        }
    }

    /** In the largest unit that leaves a whole number. */
    static String format(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + " " + UNITS[unit];
    }
}
