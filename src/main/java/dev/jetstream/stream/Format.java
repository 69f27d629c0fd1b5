package dev.jetstream.stream;

import java.util.Optional;

/** The shape of an event's JSON. */
public enum Format {
    /** {@code "kind":"commit"}, {@code "operation":"create"}: the shape that every client of today speaks. */
    V1,
    /** {@code "type":"com"}, {@code "type":"c"}: the shape of the first servers. */
    V0;

    /** The format of a name as clients and operators write it: {@code v1} or {@code v0}. */
    public static Optional<Format> named(String name) {
        return switch (name) {
            case "v1" -> Optional.of(V1);
            case "v0" -> Optional.of(V0);
            default -> Optional.empty();
        };
    }
}
