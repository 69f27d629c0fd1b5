package dev.jetstream.subscriber;

import java.util.Collection;
import java.util.List;

/** What a client wishes, as it wrote it: in the query of {@code /subscribe}, or in an {@code options_update}. */
public interface Wishes {
    /** The wishes that are lists of texts, by name. */
    List<String> LISTS = List.of("wantedCollections", "wantedDids");

    /** The wishes that are whole numbers, by name. */
    List<String> NUMBERS = List.of("maxMessageSizeBytes");

    /** A list's texts in order, of equal ones the first at least; empty where there is none. */
    Collection<String> list(String name);

    /** A number; 0 where there is none, or none that fits 64 bits. */
    long number(String name);
}
