package dev.jetstream.stream;

import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * The filter options of {@code /subscribe}, checked: its query and {@code options_update} follow the same rules.
 *
 * <p>Bad options are values, never exceptions; their text is what the client sees.
 */
sealed interface FilterOptions {
    /** v1's options that are lists of texts. */
    List<String> V1_LISTS = List.of("wantedCollections", "wantedDids");

    /** Ours. An empty text in the query is no value of theirs. */
    List<String> OWN_LISTS = List.of(
            "wantedKinds", "wantedOperations", "wantedSubjects", "wantedLangs", "unwantedCollections", "unwantedDids");

    /** The options that are whole numbers. */
    List<String> NUMBERS = List.of("maxMessageSizeBytes", "maxSize");

    int MAX_COLLECTIONS = 100;
    int MAX_DIDS = 10_000;
    int MAX_SUBJECTS = 10_000;
    int MAX_LANGS = 100;

    /** Good options. */
    record Valid(Filter filter) implements FilterOptions {}

    /**
     * Bad ones.
     *
     * @param text for the client, such as {@code invalid subscriber options: invalid did: X}
     */
    record Invalid(String text) implements FilterOptions {}

    /**
     * Checks options. A size that is not positive, or above 2^32-1, means no limit.
     *
     * @param kinds that the stream shows
     * @param lists the texts of a list in order, repeats are allowed; empty where there is none
     * @param numbers a number; 0 where the value does not fit 64 bits, empty where none is given
     */
    static FilterOptions check(
            Set<EventKind> kinds,
            Function<String, ? extends Collection<String>> lists,
            Function<String, OptionalLong> numbers) {
        return new OptionsCheck(lists, numbers).check(kinds);
    }
}
