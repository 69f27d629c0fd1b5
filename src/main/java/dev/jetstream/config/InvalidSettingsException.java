package dev.jetstream.config;

import java.util.List;
import java.util.stream.Collectors;

/** Thrown by a section's record whose values are out of range: all of them, not only the first. */
public final class InvalidSettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidSettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    List<Problem> problems() {
        return problems;
    }

    /**
     * One wrong value.
     *
     * @param key full key, such as {@code jetstream.http.listen}
     * @param value what it is, as an operator would write it
     * @param complaint what is allowed, as the end of a sentence that begins with key and value
     */
    record Problem(String key, String value, String complaint) {
        @Override
        public String toString() {
            return key + " = " + value + ": " + complaint;
        }
    }
}
