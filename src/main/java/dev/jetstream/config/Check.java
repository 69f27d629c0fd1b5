package dev.jetstream.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Collects all wrong values of a section, so that its record can refuse them together. */
final class Check {
    /**
     * A wrong value.
     *
     * @param key full key, such as {@code jetstream.http.listen}
     * @param complaint what is allowed, as the end of a sentence that starts with key and value
     */
    record Problem(String key, String value, String complaint) {}

    /** Thrown by a section's record whose values are out of range. */
    static final class Failure extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient List<Problem> problems;

        Failure(List<Problem> problems) {
            super(problems.stream()
                    .map(problem -> problem.key + " = " + problem.value + ": " + problem.complaint)
                    .collect(Collectors.joining("; ")));
            this.problems = List.copyOf(problems);
        }

        List<Problem> problems() {
            return problems;
        }
    }

    private final String section;
    private final List<Problem> problems = new ArrayList<>();

    /** @param section name of the section, such as {@code http} */
    Check(String section) {
        this.section = section;
    }

    /** A number from {@code min} to {@code max}, both allowed. */
    Check range(String key, long value, long min, long max) {
        return that(value >= min && value <= max, key, value, "must be from " + min + " to " + max);
    }

    /** A number of bytes from {@code min} to {@code max}, both allowed. */
    Check bytes(String key, long value, long min, long max) {
        boolean inside = value >= min && value <= max;
        String allowed = "must be from " + Values.formatSize(min) + " to " + Values.formatSize(max);
        return that(inside, key, Values.formatSize(value), allowed);
    }

    /** A duration from {@code min} to {@code max}, both allowed. */
    Check range(String key, Duration value, Duration min, Duration max) {
        boolean inside = value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
        String allowed = "must be from " + Values.format(min) + " to " + Values.format(max);
        return that(inside, key, value, allowed);
    }

    Check that(boolean right, String key, Object value, String complaint) {
        if (!right) {
            problems.add(new Problem(Keys.ROOT + "." + section + "." + key, String.valueOf(value), complaint));
        }
        return this;
    }

    /** @throws Failure if a value is wrong */
    void done() {
        if (!problems.isEmpty()) {
            throw new Failure(problems);
        }
    }
}
