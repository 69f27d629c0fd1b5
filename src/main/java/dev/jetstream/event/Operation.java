package dev.jetstream.event;

import java.util.Arrays;
import java.util.Optional;

/** What a commit's op does to its record. Format v0 has the first letter of the name in place of the name. */
public enum Operation {
    CREATE("create"),
    UPDATE("update"),
    DELETE("delete");

    private final String v1Name;

    Operation(String v1Name) {
        this.v1Name = v1Name;
    }

    /** The value of {@code operation} in format v1. */
    public String v1Name() {
        return v1Name;
    }

    /** The operation of this name in format v1. */
    public static Optional<Operation> named(String name) {
        return Arrays.stream(values())
                .filter(operation -> operation.v1Name.equals(name))
                .findAny();
    }

    /** The operation whose name begins with this letter. */
    static Operation of(byte letter) {
        return switch (letter) {
            case 'c' -> CREATE;
            case 'u' -> UPDATE;
            default -> DELETE;
        };
    }
}
