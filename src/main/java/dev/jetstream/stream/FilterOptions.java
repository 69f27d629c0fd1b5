package dev.jetstream.stream;

import dev.jetstream.common.Nsid;
import dev.jetstream.event.EventKind;
import dev.jetstream.event.Filter;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * v1's filter options, checked: the query of {@code /subscribe} and {@code options_update} follow the same rules.
 *
 * <p>Bad options are values, never exceptions; their text is what the client sees.
 */
sealed interface FilterOptions {
    /** The options that are lists of texts. */
    List<String> LISTS = List.of("wantedCollections", "wantedDids");

    /** The options that are whole numbers. */
    List<String> NUMBERS = List.of("maxMessageSizeBytes", "maxSize");

    int MAX_COLLECTIONS = 100;
    int MAX_DIDS = 10_000;

    /** Good options. */
    record Valid(Filter filter) implements FilterOptions {}

    /**
     * Bad ones.
     *
     * @param text for the client, such as {@code invalid subscriber options: invalid did: X}
     */
    record Invalid(String text) implements FilterOptions {}

    /** Dot-separated NSID segments before {@code .*}. */
    Pattern PREFIX = Pattern.compile(
            "[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\\.\\*");

    /** A DID's form (atproto syntax). */
    Pattern DID = Pattern.compile("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]");

    /**
     * Checks options. A number that is not positive, or above 2^32-1, means no limit.
     *
     * @param kinds that the stream shows
     * @param lists the texts of a list in order, repeats are allowed; empty where there is none
     * @param numbers a number; 0 where the value does not fit 64 bits, empty where none is given
     */
    static FilterOptions check(
            Set<EventKind> kinds,
            Function<String, ? extends Collection<String>> lists,
            Function<String, OptionalLong> numbers) {
        Set<String> wantedCollections = new LinkedHashSet<>();
        for (String collection : lists.apply("wantedCollections")) {
            if (!isCollection(collection)) {
                return new Invalid("invalid subscriber options: invalid collection: " + collection);
            }
            wantedCollections.add(collection);
        }
        if (wantedCollections.size() > MAX_COLLECTIONS) {
            return new Invalid("invalid subscriber options: too many wanted collections");
        }
        Set<String> wantedDids = new LinkedHashSet<>();
        for (String did : lists.apply("wantedDids")) {
            if (did.length() > 2048 || !DID.matcher(did).matches()) {
                return new Invalid("invalid subscriber options: invalid did: " + did);
            }
            wantedDids.add(did);
        }
        if (wantedDids.size() > MAX_DIDS) {
            return new Invalid("invalid subscriber options: too many wanted DIDs");
        }
        // The Go client says maxSize.
        long maxMessageBytes = numbers.apply("maxMessageSizeBytes")
                .orElseGet(() -> numbers.apply("maxSize").orElse(0));
        long limit = maxMessageBytes <= 0 || maxMessageBytes > 0xFFFF_FFFFL ? 0 : maxMessageBytes;
        return new Valid(new Filter(kinds, wantedCollections, wantedDids, limit));
    }

    private static boolean isCollection(String text) {
        return text.length() <= 319
                && (Nsid.isValid(text) || PREFIX.matcher(text).matches());
    }
}
