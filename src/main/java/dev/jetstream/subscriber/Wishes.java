package dev.jetstream.subscriber;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** What a client wishes, as it wrote it: in the query of {@code /subscribe}, or in an {@code options_update}. */
public interface Wishes {
    /** The wishes that are lists of texts, by name. */
    List<String> LISTS = List.of("wantedCollections", "wantedDids");

    /** The wishes that are whole numbers, by name. */
    List<String> NUMBERS = List.of("maxMessageSizeBytes", "maxSize");

    /** A list's texts in order, of equal ones the first at least; empty where there is none. */
    Collection<String> list(String name);

    /** A number; 0 where the value does not fit 64 bits, empty where none is given. */
    OptionalLong number(String name);
}
