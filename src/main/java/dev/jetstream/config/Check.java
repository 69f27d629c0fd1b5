package dev.jetstream.config;

import dev.jetstream.config.InvalidSettingsException.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with the values of one section, so that its record can refuse them all at once. */
final class Check {
    private final String section;
    private final List<Problem> problems = new ArrayList<>();

    /** @param section full path of the section, such as {@code jetstream.http} */
    Check(String section) {
        this.section = section;
    }

    /** Whole numbers from {@code min} to {@code max}, both allowed. */
    Check range(String key, long value, long min, long max) {
        return that(value >= min && value <= max, key, value, "must be from " + min + " to " + max);
    }

    /** A number of bytes from {@code min} to {@code max}, both allowed. */
    Check bytes(String key, long value, long min, long max) {
        boolean inside = value >= min && value <= max;
        return that(inside, key, Sizes.format(value), "must be from " + Sizes.format(min) + " to " + Sizes.format(max));
    }

    /** Lengths of time from {@code min} to {@code max}, both allowed. */
    Check range(String key, Duration value, Duration min, Duration max) {
        boolean inside = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        String allowed = "must be from " + Durations.format(min) + " to " + Durations.format(max);
        return that(inside, key, Durations.format(value), allowed);
    }

    Check that(boolean right, String key, Object value, String complaint) {
        if (!right) {
            problems.add(new Problem(section + "." + key, String.valueOf(value), complaint));
        }
        return this;
    }

    /** @throws InvalidSettingsException if anything was wrong */
    void done() {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }
}
