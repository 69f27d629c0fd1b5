package dev.jetstream.config;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/** Says where a value came from, for messages. */
final class Origin {
    private static final int LONGEST_QUOTE = 120;

    private Origin() {}

    static String of(ConfigValue value) {
        return of(value.origin());
    }

    /** {@code FILE:LINE} where the library knows them. */
    static String of(ConfigOrigin origin) {
        String name = origin.filename() != null ? origin.filename() : origin.description();
        return origin.lineNumber() > 0 && origin.filename() != null ? name + ":" + origin.lineNumber() : name;
    }

    /** The text, without control characters and not longer than a message should be. */
    static String cut(String text) {
        return cut(text, LONGEST_QUOTE);
    }

    static String cut(String text, int longest) {
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= longest ? printable : printable.substring(0, longest) + "…";
    }
}
