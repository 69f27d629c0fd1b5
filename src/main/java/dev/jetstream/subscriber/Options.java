package dev.jetstream.subscriber;

import dev.jetstream.event.Filter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A client's {@link Wishes}, checked: the same rules hold for the query of {@code /subscribe} and for {@code options_update}.
 *
 * <p>Bad wishes are values, never exceptions; their text is what the client is told.
 */
public sealed interface Options {
    int MAX_COLLECTIONS = 100;
    int MAX_DIDS = 10_000;

    /** Good wishes. */
    record Valid(Filter filter) implements Options {}

    /**
     * Bad ones.
     *
     * @param text what to tell the client, such as {@code invalid subscriber options: invalid did: X}
     */
    record Invalid(String text) implements Options {}

    /** An NSID's form (atproto syntax): at least three segments, the last one without digits first or hyphens. */
    Pattern NSID = Pattern.compile(
            "[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+\\.[a-zA-Z][a-zA-Z0-9]{0,62}");

    /** Dot-separated NSID segments before {@code .*}. */
    Pattern PREFIX = Pattern.compile(
            "[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\\.\\*");

    /** A DID's form (atproto syntax). */
    Pattern DID = Pattern.compile("did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]");

    /** Checks wishes. A number that is not positive, or above 2^32-1, means no limit. */
    static Options check(Wishes wishes) {
        Set<String> wantedCollections = new LinkedHashSet<>();
        for (String collection : wishes.list("wantedCollections")) {
            if (!isCollection(collection)) {
                return new Invalid("invalid subscriber options: invalid collection: " + collection);
            }
            wantedCollections.add(collection);
        }
        if (wantedCollections.size() > MAX_COLLECTIONS) {
            return new Invalid("invalid subscriber options: too many wanted collections");
        }
        Set<String> wantedDids = new LinkedHashSet<>();
        for (String did : wishes.list("wantedDids")) {
            if (did.length() > 2048 || !DID.matcher(did).matches()) {
                return new Invalid("invalid subscriber options: invalid did: " + did);
            }
            wantedDids.add(did);
        }
        if (wantedDids.size() > MAX_DIDS) {
            return new Invalid("invalid subscriber options: too many wanted DIDs");
        }
        // The Go client says maxSize.
        long maxMessageBytes = wishes.number("maxMessageSizeBytes")
                .orElseGet(() -> wishes.number("maxSize").orElse(0));
        long limit = maxMessageBytes <= 0 || maxMessageBytes > 0xFFFF_FFFFL ? 0 : maxMessageBytes;
        return new Valid(new Filter(wantedCollections, wantedDids, limit));
    }

    private static boolean isCollection(String text) {
        return text.length() <= 319
                && (NSID.matcher(text).matches() || PREFIX.matcher(text).matches());
    }
}
